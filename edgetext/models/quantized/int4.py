"""int4: weights of 4 bits, two in a byte: a scale a row, as with int8, but 15 values, not 255."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.int8 import bias_of
from edgetext.models.quantized.layer import QuantizedEmbedding, QuantizedLayer, QuantizedLinear
from edgetext.models.quantized.scheme import FloatLayer, Scheme
from edgetext.models.quantized.weights import SMALLEST_SCALE, Quantizer
from edgetext.registry import register

INT4_MAX = 7
# What is added to a weight so that it is a nibble.
OFFSET = 8
NIBBLE = 16
# Shares of a row's largest magnitude that the largest of 7 values may stand for.
SHARES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55)


def quantize_int4(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Quantize float[N, K] to int8[N, K] from -7 to 7 and scales float32[N].

    With so few values cutting a row's largest costs less than a coarse scale for all: the scale is
    that of SHARES with the least squared error.
    """
    weight = weight.detach()
    largest = weight.abs().amax(dim=1).clamp(min=SMALLEST_SCALE * INT4_MAX)
    shares = torch.tensor(SHARES, dtype=weight.dtype)[:, None]
    scales = shares * largest / INT4_MAX
    values = torch.round(weight / scales[:, :, None]).clamp(-INT4_MAX, INT4_MAX)
    errors = (values * scales[:, :, None] - weight).square().sum(dim=2)
    best = errors.argmin(dim=0)
    row = torch.arange(len(weight))
    return values[best, row].to(torch.int8), scales[best, row].to(torch.float32)


def pack(values: Tensor) -> Tensor:
    """Pack int8[N, K] from -8 to 7 into uint8[N, ceil(K / 2)]: the first half of a row in the low
    nibbles, the second in the high ones."""
    padded = nn.functional.pad(values, (0, values.shape[1] % 2))
    low, high = (padded.to(torch.int16) + OFFSET).chunk(2, dim=1)
    return (low + NIBBLE * high).to(torch.uint8)


def unpack(packed: Tensor, columns: int) -> Tensor:
    """Undo `pack`: int8[N, columns]."""
    wide = packed.to(torch.int16)
    values = torch.cat([wide % NIBBLE, wide // NIBBLE], dim=1) - OFFSET
    return values[:, :columns].to(torch.int8)


class Int4Linear(QuantizedLinear):
    """A Linear with 4-bit weights.

    packed uint8[N, ceil(K / 2)], scale float32[N], bias float32[N] or None; inputs is K.
    """

    scheme = "int4"
    packed: Tensor
    scale: Tensor

    def __init__(self, packed: Tensor, scale: Tensor, bias: Tensor | None, inputs: int) -> None:
        super().__init__()
        self.inputs = inputs
        self.register_buffer("packed", packed)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", bias)

    def values(self) -> Tensor:
        """Unpack the weights: int8[N, K]."""
        return unpack(self.packed, self.inputs)

    def dequantized(self) -> Tensor:
        return self.values().to(torch.float32) * self.scale[:, None]


class Int4Embedding(QuantizedEmbedding):
    """A table of 4-bit rows, unpacked by plain operators.

    packed uint8[V, ceil(E / 2)], scale float32[V, 1]; dimension is E.
    """

    scheme = "int4"
    packed: Tensor
    scale: Tensor

    def __init__(self, packed: Tensor, scale: Tensor, dimension: int) -> None:
        super().__init__()
        self.dimension = dimension
        self.register_buffer("packed", packed)
        self.register_buffer("scale", scale)

    def dequantized(self) -> Tensor:
        return unpack(self.packed, self.dimension).to(torch.float32) * self.scale

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.packed).to(torch.float32)
        high = torch.floor(rows * (1 / NIBBLE))
        values = torch.cat([rows - high * NIBBLE, high], dim=-1)
        if self.dimension % 2:
            values = values[..., : self.dimension]
        return (values - OFFSET) * nn.functional.embedding(ids, self.scale)


@register("scheme", "int4")
class Int4(Scheme):
    """Int4Linear and Int4Embedding. An output matrix has 8 bits in both runtimes."""

    shares_table = False

    def quantizer(self, layer: FloatLayer) -> Quantizer:
        return quantize_int4

    def of(self, layer: FloatLayer) -> QuantizedLayer:
        values, scale = quantize_int4(layer.weight)
        if isinstance(layer, TokenEmbedding):
            return Int4Embedding(pack(values), scale[:, None], layer.weight.shape[1])
        return Int4Linear(pack(values), scale, bias_of(layer), layer.in_features)

    @classmethod
    def stored(cls, tensors: Mapping[str, Tensor], name: str, layer: nn.Module) -> QuantizedLayer:
        packed, scale = tensors[f"{name}.packed"], tensors[f"{name}.scale"]
        if isinstance(layer, TokenEmbedding):
            return Int4Embedding(packed, scale, layer.weight.shape[1])
        if not isinstance(layer, nn.Linear):
            raise KeyError(name)
        return Int4Linear(packed, scale, tensors.get(f"{name}.bias"), layer.in_features)

    @classmethod
    def recognizes(cls, tensors: Mapping[str, Tensor], name: str) -> bool:
        return f"{name}.packed" in tensors
