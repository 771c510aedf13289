"""static: convolutions whose activations are 8-bit integers of fixed scales.

The scales are calibrated beforehand, on data, so that nothing looks for a range when the network
runs, and one convolution hands integers to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from edgetext.models.layers.convolution import Convolution
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.layers.masking import window
from edgetext.models.layers.segments import Mask
from edgetext.models.quantized.activations import UINT8_MAX, round_to_scale, straight_through
from edgetext.models.quantized.fake import fake_rows
from edgetext.models.quantized.int8 import bias_of, has_int8_weight
from edgetext.models.quantized.layer import QuantizedLayer
from edgetext.models.quantized.scheme import FloatLayer, Scheme
from edgetext.models.quantized.weights import Quantizer, quantize_pairs
from edgetext.registry import register

_TENSORS = ("weight", "scale", "bias", "input_scale", "input_zero", "output_scale")


@dataclass(frozen=True, slots=True)
class StaticScales:
    """The scales of a convolution's activations; see StaticConvolution. width: of its windows, in
    pieces. reads_table: whether its inputs are the embedding's rows as they are."""

    width: int
    input_scale: float
    input_zero: int
    output_scale: float
    reads_table: bool


class StaticConvolution(QuantizedLayer, Convolution):
    """ReLU of a Linear on windows, its inputs and outputs rounded to fixed scales.

    weight int8[N, width, D], scale float32[N], bias float32[N]; see `quantize_pairs`.
    input_scale float32[1], input_zero uint8[1]: an input x is the integer round(x / scale) + zero,
    cut to 0..255. output_scale float32[1]: the same of the outputs, whose zero is 0, so that the
    cut is the ReLU.

    rounding: "none" leaves inputs and outputs as they are.
    """

    scheme = "static"
    dynamic = False
    weight: Tensor
    scale: Tensor
    bias: Tensor
    input_scale: Tensor
    input_zero: Tensor
    output_scale: Tensor

    def __init__(
        self,
        weight: Tensor,
        scale: Tensor,
        bias: Tensor | None,
        input_scale: Tensor,
        input_zero: Tensor,
        output_scale: Tensor,
    ) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", torch.zeros(len(weight)) if bias is None else bias)
        self.register_buffer("input_scale", input_scale)
        self.register_buffer("input_zero", input_zero)
        self.register_buffer("output_scale", output_scale)

    def dequantized(self) -> Tensor:
        return self.weight.flatten(1).to(torch.float32) * self.scale[:, None]

    def convolve(self, x: Tensor, width: int, mask: Mask, causal: bool) -> Tensor:
        exact = self.rounding == "none"
        if not exact:
            x = round_to_scale(x, self.input_scale, self.input_zero)
        weight = self.dequantized().to(x.dtype)
        y = nn.functional.linear(window(x, width, mask, causal), weight, self.bias)
        if exact:
            return torch.relu(y)
        return round_to_scale(y, self.output_scale, torch.zeros_like(self.input_zero))


class FakeStaticConvolution(Convolution):
    """A Linear in training that convolves as a StaticConvolution will.

    Beyond the scales, where the rounding cuts, no gradient passes (Jacob et al. 2018, §3).
    """

    bias: nn.Parameter | None

    def __init__(self, layer: nn.Linear, scales: StaticScales) -> None:
        super().__init__()
        self.in_features = layer.in_features
        self.scales = scales
        self.weight = layer.weight
        self.register_parameter("bias", layer.bias)

    def convolve(self, x: Tensor, width: int, mask: Mask, causal: bool) -> Tensor:
        weight = fake_rows(self.weight, quantize_pairs)
        x = _cut(x, self.scales.input_scale, self.scales.input_zero)
        y = nn.functional.linear(window(x, width, mask, causal), weight, self.bias)
        return _cut(y, self.scales.output_scale, 0)


def _cut(x: Tensor, scale: float, zero: int) -> Tensor:
    kept = x.clamp(-zero * scale, (UINT8_MAX - zero) * scale)
    return straight_through(kept, torch.round(kept / scale) * scale)


@register("scheme", "static")
class Static(Scheme):
    """StaticConvolution, for a Linear whose inputs and outputs have been calibrated."""

    calibrated = True

    def __init__(self, scales: StaticScales) -> None:
        self.scales = scales

    def fits(self, layer: FloatLayer) -> bool:
        return not isinstance(layer, TokenEmbedding)

    def quantizer(self, layer: FloatLayer) -> Quantizer:
        return quantize_pairs

    def of(self, layer: FloatLayer) -> QuantizedLayer:
        assert isinstance(layer, nn.Linear)
        weight, scale = quantize_pairs(layer.weight)
        return StaticConvolution(
            weight.unflatten(1, (self.scales.width, -1)),
            scale,
            bias_of(layer),
            torch.tensor([self.scales.input_scale]),
            torch.tensor([self.scales.input_zero], dtype=torch.uint8),
            torch.tensor([self.scales.output_scale]),
        )

    @classmethod
    def stored(cls, tensors: Mapping[str, Tensor], name: str, layer: nn.Module) -> QuantizedLayer:
        return StaticConvolution(*(tensors[f"{name}.{part}"] for part in _TENSORS))

    @classmethod
    def recognizes(cls, tensors: Mapping[str, Tensor], name: str) -> bool:
        return has_int8_weight(tensors, name) and f"{name}.output_scale" in tensors

    def fake(self, layer: FloatLayer) -> nn.Module:
        assert isinstance(layer, nn.Linear)
        return FakeStaticConvolution(layer, self.scales)
