"""Fake-quantized layers in a network while it trains (quantization-aware training)."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from edgetext.models.quantized.int8 import Int8
from edgetext.models.quantized.scheme import Scheme, becomes_integers
from edgetext.models.replacement import put_module, replace_modules

# A layer's dotted name and the layer -> its scheme; None where it stays float32.
SchemeOf = Callable[[str, nn.Module], Scheme | None]


def int8_for_all(name: str, layer: nn.Module) -> Scheme | None:
    """Store each large layer as int8."""
    return Int8() if becomes_integers(layer) else None


class FakeQuantization:
    """Puts the fake-quantized forms of a network's layers in their places, and takes them out.

    The parameters stay the same objects under the same names. name: another for each kind, so that
    no training goes on with what another left.
    """

    def __init__(self, scheme_of: SchemeOf = int8_for_all, name: str = "") -> None:
        self.scheme_of = scheme_of
        self.name = name
        self._originals: dict[str, nn.Module] = {}

    def start(self, network: nn.Module) -> None:
        """Put the fake-quantized forms in, in place; what is in already stays."""

        def fake(name: str, layer: nn.Module) -> nn.Module:
            scheme = self.scheme_of(name, layer)
            if scheme is None or not becomes_integers(layer):
                return layer
            self._originals[name] = layer
            return scheme.fake(layer).train(layer.training)

        replace_modules(network, fake)

    def stop(self, network: nn.Module) -> None:
        """Put the layers back that `start` took out, with the weights that they have now."""
        for name, layer in self._originals.items():
            put_module(network, name, layer.train(network.get_submodule(name).training))
        self._originals.clear()
