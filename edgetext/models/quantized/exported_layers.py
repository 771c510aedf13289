"""What a target exports in the place of a network's layers: by the target's registered name and the
layer's class.

A target's folder says it for the layers that edgetext ships, a scheme's file for the layers of its
own. Where nothing is said, the layer itself is exported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from torch import nn

from edgetext.models.network import Network
from edgetext.models.quantized.layer import first_linear
from edgetext.models.replacement import replace_modules


@dataclass(frozen=True, slots=True)
class Place:
    """Where a layer stands. first: whether it is the first quantized layer that reads vectors.
    shared: whether it is an embedding that is the output matrix too."""

    name: str
    first: bool = False
    shared: bool = False


# Says it of all targets; what is said of one goes before it.
EVERY_TARGET = "*"
L = TypeVar("L", bound=Callable[[Any, Place], nn.Module])
_LOWERINGS: dict[tuple[str, type[nn.Module]], Callable[[Any, Place], nn.Module]] = {}


def lowers(target: str, layer: type[nn.Module]) -> Callable[[L], L]:
    """Enter a function, by a decorator, that gives what `target`, or EVERY_TARGET, exports in the
    place of a layer.

    It is called with the layer, which may be of a class below `layer`, and its Place. What it gives
    is lowered in its turn, so that one quantized layer may be exported as another.
    """

    def enter(function: L) -> L:
        _LOWERINGS[target, layer] = function
        return function

    return enter


def exported_layer(target: str, layer: nn.Module, place: Place) -> nn.Module:
    """Give what `target` exports in the place of `layer`: itself, where nothing else is said."""
    for kind in type(layer).__mro__:
        function = _LOWERINGS.get((target, kind)) or _LOWERINGS.get((EVERY_TARGET, kind))
        if function is None:
            continue
        replacement = function(layer, place)
        return replacement if replacement is layer else exported_layer(target, replacement, place)
    return layer


def lower_layers(network: Network, target: str) -> None:
    """Put what `target` exports in the places of the network's layers, in place."""
    first = first_linear(network)

    def change(name: str, module: nn.Module) -> nn.Module:
        shared = network.tied and module is network.embedding
        return exported_layer(target, module, Place(name, module is first, shared))

    replace_modules(network, change)
