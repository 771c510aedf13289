"""Quantized layers spelled as PT2E spells them, which XNNPACK recognizes.

They stand in for a network's layers while it is exported.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from edgetext.models import Network
from edgetext.models.layers.convolution import Convolution
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.layers.segments import Mask
from edgetext.models.network import HashedNetwork
from edgetext.models.quantized.exported_layers import Place, lower_layers, lowers
from edgetext.models.quantized.int4 import Int4Linear
from edgetext.models.quantized.int8 import Int8Embedding, Int8Linear, Smoothed
from edgetext.models.quantized.layer import QuantizedEmbedding
from edgetext.models.quantized.static import StaticConvolution
from edgetext.models.quantized.weights import INT8_MAX

TARGET = "executorch"
BOUNDS = (-128, 127)
# By these XNNPACK tells weights of 4 bits.
NIBBLE_LIMITS = (-8, 7)
# From the checkpoint's unsigned activations to signed ones.
ZERO_POINT = 128
# torch's own smallest scale in a dynamic quantization.
_EPSILON = torch.finfo(torch.float32).eps


class DynamicInt8Linear(nn.Module):
    """Int8Linear spelled as PT2E spells a dynamically quantized layer, which XNNPACK recognises.

    The weights are the checkpoint's integers; XNNPACK rounds the inputs row by row.
    """

    weight: Tensor
    scale: Tensor
    zero: Tensor
    bias: Tensor | None

    def __init__(self, layer: Int8Linear | Int4Linear) -> None:
        super().__init__()
        if isinstance(layer, Int4Linear):
            self.limits, weight = NIBBLE_LIMITS, layer.values()
        else:
            self.limits, weight = (-INT8_MAX, INT8_MAX), layer.weight
        self.register_buffer("weight", weight)
        self.register_buffer("scale", layer.scale)
        self.register_buffer("zero", torch.zeros(len(layer.scale), dtype=torch.int64))
        self.register_buffer("bias", layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        return self.with_bias(x, self.bias)

    def with_bias(self, x: Tensor, bias: Tensor | None) -> Tensor:
        operators = torch.ops.quantized_decomposed
        scale, zero = operators.choose_qparams.tensor(x, *BOUNDS, _EPSILON, torch.int8)
        rounded = operators.quantize_per_tensor.tensor(x, scale, zero, *BOUNDS, torch.int8)
        x = operators.dequantize_per_tensor.tensor(rounded, scale, zero, *BOUNDS, torch.int8)
        weight = operators.dequantize_per_channel.default(
            self.weight, self.scale, self.zero, 0, *self.limits, torch.int8
        )
        return nn.functional.linear(x, weight, bias)


class StaticInt8Convolution(Convolution):
    """StaticConvolution as PT2E spells a statically quantized layer: signed integers, each tensor
    between a quantizer and its opposite, which XNNPACK takes as one operator.

    weight int8[N, D, 1, width]. A text is an image of one row, as which XNNPACK takes no other
    shape on the way; see joining.
    """

    weight: Tensor
    scale: Tensor
    zero: Tensor
    bias: Tensor

    def __init__(self, layer: StaticConvolution) -> None:
        super().__init__()
        self.register_buffer("weight", layer.weight.transpose(1, 2).unsqueeze(2).contiguous())
        self.register_buffer("scale", layer.scale)
        self.register_buffer("zero", torch.zeros(len(layer.scale), dtype=torch.int64))
        self.register_buffer("bias", layer.bias)
        self.input = float(layer.input_scale), int(layer.input_zero) - ZERO_POINT
        self.output = float(layer.output_scale), -ZERO_POINT

    def convolve(self, x: Tensor, width: int, mask: Mask, causal: bool) -> Tensor:
        weight = torch.ops.quantized_decomposed.dequantize_per_channel.default(
            self.weight, self.scale, self.zero, 0, -INT8_MAX, INT8_MAX, torch.int8
        )
        image = x.reshape(1, 1, -1, x.shape[2]).permute(0, 3, 1, 2)
        x = _rounded(image, self.input)
        y = nn.functional.conv2d(x, weight, self.bias, padding=(0, width // 2))
        y = _rounded(torch.relu(y), self.output)
        return y.permute(0, 2, 3, 1).reshape(1, -1, y.shape[1])


class PerTensorTable(nn.Module):
    """Int8Embedding of one scale, whose rows XNNPACK takes as the integers that they are."""

    weight: Tensor

    def __init__(self, table: Int8Embedding) -> None:
        super().__init__()
        self.register_buffer("weight", table.weight)
        self.scale = float(table.scale)

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.weight)
        made: Tensor = torch.ops.quantized_decomposed.dequantize_per_tensor.default(
            rows, self.scale, 0, *BOUNDS, torch.int8
        )
        return made


def _rounded(x: Tensor, scale: tuple[float, int]) -> Tensor:
    """Turn x into signed integers of a scale and a zero, and back."""
    operators = torch.ops.quantized_decomposed
    taken = operators.quantize_per_tensor.default(x, *scale, *BOUNDS, torch.int8)
    made: Tensor = operators.dequantize_per_tensor.default(taken, *scale, *BOUNDS, torch.int8)
    return made


class TiedTwice(nn.Module):
    """The embedding of a tied network, with the output matrix as a tensor of its own.

    XNNPACK packs its matrices in its own order and gathers no rows, so in a `.pte` the table has to
    stand twice.
    """

    matrix: Tensor

    def __init__(self, embedding: Any) -> None:
        super().__init__()
        self.embedding = embedding
        self.linear: DynamicInt8Linear | None = None
        if isinstance(embedding, Int8Embedding):
            scale = embedding.scale.expand(len(embedding.weight), 1).reshape(-1).clone()
            self.linear = DynamicInt8Linear(Int8Linear(embedding.weight.clone(), scale, None))
        else:
            self.register_buffer("matrix", embedding.table().detach().clone())

    def forward(self, ids: Tensor) -> Tensor:
        rows: Tensor = self.embedding(ids)
        return rows

    def scores(self, x: Tensor, bias: Tensor) -> Tensor:
        if self.linear is not None:
            return self.linear.with_bias(x, bias)
        return nn.functional.linear(x, self.matrix, bias)


@lowers(TARGET, Int8Linear)
@lowers(TARGET, Int4Linear)
def dynamic_linear(layer: Int8Linear | Int4Linear, place: Place) -> nn.Module:
    """Round inputs as they come."""
    smoothing = layer.smoothing if isinstance(layer, Int8Linear) else None
    return Smoothed.around(DynamicInt8Linear(layer), smoothing)


@lowers(TARGET, StaticConvolution)
def static_convolution(layer: StaticConvolution, place: Place) -> nn.Module:
    """Convolve integers."""
    return StaticInt8Convolution(layer)


@lowers(TARGET, TokenEmbedding)
@lowers(TARGET, QuantizedEmbedding)
def table(layer: TokenEmbedding | QuantizedEmbedding, place: Place) -> nn.Module:
    """Store a table twice where it is the output matrix too."""
    return TiedTwice(layer) if place.shared else layer


@lowers(TARGET, Int8Embedding)
def int8_table(layer: Int8Embedding, place: Place) -> nn.Module:
    """Gather rows of one scale as integers."""
    return PerTensorTable(layer) if layer.per_tensor and not place.shared else table(layer, place)


def prepare_for_executorch(network: Network) -> None:
    """Put the layers above in the places of the network's own, in place."""
    lower_layers(network, TARGET)
    if isinstance(network, HashedNetwork):
        network.by_place = True
