"""A scheme of 8-bit weights whose scales are powers of two: a scale is one byte, not four."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.exported_layers import EVERY_TARGET, Place, lowers
from edgetext.models.quantized.int8 import Int8Linear, bias_of
from edgetext.models.quantized.layer import QuantizedEmbedding, QuantizedLayer, QuantizedLinear
from edgetext.models.quantized.scheme import FloatLayer, Scheme
from edgetext.models.quantized.weights import INT8_MAX, SMALLEST_SCALE, Quantizer
from edgetext.registry import register


def quantize_powers(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Quantize float[N, K] to int8[N, K] and scales float32[N], each a power of two."""
    least = (weight.detach().abs().amax(dim=1) / INT8_MAX).clamp(min=SMALLEST_SCALE)
    scale = torch.exp2(torch.ceil(torch.log2(least)))
    values = torch.round(weight.detach() / scale[:, None]).clamp(-INT8_MAX, INT8_MAX)
    return values.to(torch.int8), scale


class PowersLinear(QuantizedLinear):
    """A Linear: weight int8[N, K], exponent int8[N] of its scales, bias float32[N] or None."""

    scheme = "powers"
    weight: Tensor
    exponent: Tensor

    def __init__(self, weight: Tensor, exponent: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("exponent", exponent)
        self.register_buffer("bias", bias)

    def scale(self) -> Tensor:
        return torch.exp2(self.exponent.to(torch.float32))

    def dequantized(self) -> Tensor:
        return self.weight.to(torch.float32) * self.scale()[:, None]


class PowersEmbedding(QuantizedEmbedding):
    """A table: weight int8[V, E], exponent int8[V] of its scales. It is exported as it stands."""

    scheme = "powers"
    weight: Tensor
    exponent: Tensor

    def __init__(self, weight: Tensor, exponent: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("exponent", exponent)

    def dequantized(self) -> Tensor:
        return self.weight.to(torch.float32) * torch.exp2(self.exponent.to(torch.float32))[:, None]

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.weight).to(torch.float32)
        exponents = nn.functional.embedding(ids, self.exponent[:, None]).to(torch.float32)
        return rows * torch.exp2(exponents)


@register("scheme", "powers")
class Powers(Scheme):
    """PowersLinear and PowersEmbedding."""

    def quantizer(self, layer: FloatLayer) -> Quantizer:
        return quantize_powers

    def of(self, layer: FloatLayer) -> QuantizedLayer:
        values, scale = quantize_powers(layer.weight)
        exponent = torch.round(torch.log2(scale)).to(torch.int8)
        if isinstance(layer, TokenEmbedding):
            return PowersEmbedding(values, exponent)
        return PowersLinear(values, exponent, bias_of(layer))

    @classmethod
    def stored(cls, tensors: Mapping[str, Tensor], name: str, layer: nn.Module) -> QuantizedLayer:
        weight, exponent = tensors[f"{name}.weight"], tensors[f"{name}.exponent"]
        if isinstance(layer, TokenEmbedding):
            return PowersEmbedding(weight, exponent)
        return PowersLinear(weight, exponent, tensors.get(f"{name}.bias"))


@lowers(EVERY_TARGET, PowersLinear)
def as_int8(layer: PowersLinear, place: Place) -> nn.Module:
    """Export the layer as int8, for which every runtime has an operator."""
    return Int8Linear(layer.weight, layer.scale(), layer.bias)
