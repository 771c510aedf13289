"""Weights of 4 bits, two in a byte: a step a row, as with int8, but 15 values instead of 255."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.models.quantized.fake import SMALLEST_STEP
from edgetext.models.quantized.int8 import Rounding, round_inputs

LIMIT = 7
# What is added to a weight so that it is a nibble.
OFFSET = 8
NIBBLE = 16
# Shares of a row's largest magnitude that the largest of 7 steps may stand for.
SHARES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55)


def quantize_nibbles(weight: Tensor) -> tuple[Tensor, Tensor]:
    """float[N, K] -> int8[N, K] from -7 to 7 and its step float32[N].

    With so few values cutting a row's largest costs less than a coarse step for all: the step is
    that of SHARES with the least squared error.
    """
    weight = weight.detach()
    largest = weight.abs().amax(dim=1).clamp(min=SMALLEST_STEP * LIMIT)
    shares = torch.tensor(SHARES, dtype=weight.dtype)[:, None]
    scales = shares * largest / LIMIT
    values = torch.round(weight / scales[:, :, None]).clamp(-LIMIT, LIMIT)
    errors = (values * scales[:, :, None] - weight).square().sum(dim=2)
    best = errors.argmin(dim=0)
    row = torch.arange(len(weight))
    return values[best, row].to(torch.int8), scales[best, row].to(torch.float32)


def pack(values: Tensor) -> Tensor:
    """int8[N, K] from -8 to 7 -> uint8[N, ceil(K / 2)]: the first half of a row in the low nibbles,
    the second in the high ones."""
    padded = nn.functional.pad(values, (0, values.shape[1] % 2))
    low, high = (padded.to(torch.int16) + OFFSET).chunk(2, dim=1)
    return (low + NIBBLE * high).to(torch.uint8)


def unpack(packed: Tensor, columns: int) -> Tensor:
    """The opposite of `pack`: int8[N, columns]."""
    wide = packed.to(torch.int16)
    values = torch.cat([wide % NIBBLE, wide // NIBBLE], dim=1) - OFFSET
    return values[:, :columns].to(torch.int8)


class Int4Linear(nn.Module):
    """A Linear with 4-bit weights, its inputs rounded to 8 bits as they come; see Int8Linear.

    packed uint8[N, ceil(K / 2)], scale float32[N], bias float32[N] or None; inputs is K.
    """

    packed: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(self, packed: Tensor, scale: Tensor, bias: Tensor | None, inputs: int) -> None:
        super().__init__()
        self.inputs = inputs
        self.rounding: Rounding = "rows"
        self.register_buffer("packed", packed)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", bias)

    @classmethod
    def of(cls, layer: nn.Linear) -> Int4Linear:
        values, scale = quantize_nibbles(layer.weight)
        bias = None if layer.bias is None else layer.bias.detach().clone()
        return cls(pack(values), scale, bias, layer.in_features)

    def values(self) -> Tensor:
        """int8[N, K]."""
        return unpack(self.packed, self.inputs)

    def forward(self, x: Tensor) -> Tensor:
        weight = self.values().to(x.dtype) * self.scale[:, None]
        return nn.functional.linear(round_inputs(x, self.rounding), weight, self.bias)


class Int4Embedding(nn.Module):
    """A table of 4-bit rows: ids int64[B, T] -> float32[B, T, E], unpacked by plain operators.

    packed uint8[V, ceil(E / 2)], scale float32[V, 1]; dimension is E.
    """

    packed: Tensor
    scale: Tensor

    def __init__(self, packed: Tensor, scale: Tensor, dimension: int) -> None:
        super().__init__()
        self.dimension = dimension
        self.register_buffer("packed", packed)
        self.register_buffer("scale", scale)

    @classmethod
    def of(cls, table: Tensor) -> Int4Embedding:
        values, scale = quantize_nibbles(table)
        return cls(pack(values), scale[:, None], table.shape[1])

    def values(self) -> Tensor:
        """int8[V, E]."""
        return unpack(self.packed, self.dimension)

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.packed).to(torch.float32)
        high = torch.floor(rows * (1 / NIBBLE))
        nibbles = torch.cat([rows - high * NIBBLE, high], dim=-1)
        if self.dimension % 2:
            nibbles = nibbles[..., : self.dimension]
        return (nibbles - OFFSET) * nn.functional.embedding(ids, self.scale)
