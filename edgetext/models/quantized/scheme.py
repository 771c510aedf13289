"""A scheme: how the weights of large layers are stored, from training to every runtime.

A scheme is registered as `@register("scheme", NAME)` and is built without arguments, but for one
that is `calibrated`. A user's own joins through `edgetext --import FILE`. What a target exports in
the place of its layers is said by `quantized.exported_layers.lowers`; where nothing is said, the
layer's own operators are exported.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, TypeGuard

from torch import Tensor, nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.fake import FakeEmbedding, FakeLinear
from edgetext.models.quantized.layer import QuantizedLayer
from edgetext.models.quantized.weights import Quantizer
from edgetext.registry import lookup, names

# Below this many weights a layer is faster in float32, and its bytes do not count.
SMALL = 2048
FloatLayer = nn.Linear | TokenEmbedding


class Scheme(ABC):
    """How one layer is stored.

    calibrated: whether it must be given what a layer's activations are like, so that it cannot be
    chosen by its name alone. shares_table: whether an embedding that it stores can be the output
    matrix of the network too.
    """

    calibrated: ClassVar[bool] = False
    shares_table: ClassVar[bool] = True

    def fits(self, layer: FloatLayer) -> bool:
        """Tell whether this scheme can store the layer; `becomes_integers` holds of it."""
        return True

    @abstractmethod
    def quantizer(self, layer: FloatLayer) -> Quantizer:
        """Give what turns rows of the layer's weights into integers and their scales."""

    @abstractmethod
    def of(self, layer: FloatLayer) -> QuantizedLayer:
        """Give the quantized form of a float32 layer, which stays as it is."""

    @classmethod
    @abstractmethod
    def stored(cls, tensors: Mapping[str, Tensor], name: str, layer: nn.Module) -> QuantizedLayer:
        """Give the layer of this name from a checkpoint's tensors.

        layer: the float32 one of the same network, for its shape. KeyError when a tensor is
        missing, or the layer is of a kind that no such tensors fit.
        """

    @classmethod
    def recognizes(cls, tensors: Mapping[str, Tensor], name: str) -> bool:
        """Tell whether the layer's tensors show that this scheme stored them.

        Only files written before headers named schemes are asked so; a newer scheme says no.
        """
        return False

    def fake(self, layer: FloatLayer) -> nn.Module:
        """Give the fake-quantized form of a layer: float32, with the layer's own parameters, and it
        answers as the quantized form will."""
        if isinstance(layer, TokenEmbedding):
            return FakeEmbedding(layer, self.quantizer(layer))
        return FakeLinear(layer, self.quantizer(layer))


def becomes_integers(module: nn.Module) -> TypeGuard[FloatLayer]:
    """Tell whether quantization stores this module's weights as integers."""
    if isinstance(module, TokenEmbedding):
        return True
    return isinstance(module, nn.Linear) and module.weight.numel() >= SMALL


def scheme_class(name: str) -> type[Scheme]:
    """Look the scheme of this name up; EdgetextError with the known ones when there is none."""
    found: Any = lookup("scheme", name)
    scheme: type[Scheme] = found
    return scheme


def recognized(tensors: Mapping[str, Tensor]) -> dict[str, str]:
    """Guess by its tensors which scheme stored each layer: {layer: scheme's name}.

    For the files of edgetext 0.1, whose headers do not say it.
    """
    layers = dict.fromkeys(name.rpartition(".")[0] for name in tensors)
    return {
        layer: name
        for name in names("scheme")
        for layer in layers
        if scheme_class(name).recognizes(tensors, layer)
    }
