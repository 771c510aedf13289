"""Modules whose weights are int8; what both exporters reproduce, integer by integer."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from edgetext.models.quantized.fake import LIMIT, Quantizer, quantize_rows, round_activations

Rounding = Literal["rows", "tensor", "none"]


def round_inputs(x: Tensor, rounding: Rounding) -> Tensor:
    """A layer's inputs as a runtime rounds them; see Int8Linear."""
    if rounding == "none":
        return x
    return round_activations(x, (-1,) if rounding == "rows" else tuple(range(x.dim())))


def quantize_by_step(table: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    """float[V, E] -> int8[V, E] and float32[V], the same step for all rows. What lies beyond 127
    steps is cut."""
    values = torch.round(table.detach() / scale).clamp(-LIMIT, LIMIT)
    return values.to(torch.int8), torch.full((len(table),), scale)


class Int8Linear(nn.Module):
    """A Linear with int8 weights and inputs that are rounded to 8 bits as they come.

    weight int8[N, K], scale float32[N], bias float32[N] or None.

    rounding: how inputs are rounded. "rows", each position by its own range, is what ExecuTorch
    does and the checkpoint's own answer; "tensor", all by one range, is ONNX Runtime's; "none"
    leaves them as they are. An answer that differs between them hangs on rounding.
    """

    weight: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(self, weight: Tensor, scale: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.rounding: Rounding = "rows"
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", bias)

    @classmethod
    def of(cls, layer: nn.Linear, quantizer: Quantizer = quantize_rows) -> Int8Linear:
        bias = None if layer.bias is None else layer.bias.detach().clone()
        return cls(*quantizer(layer.weight), bias)

    def forward(self, x: Tensor) -> Tensor:
        weight = self.weight.to(x.dtype) * self.scale[:, None]
        return nn.functional.linear(round_inputs(x, self.rounding), weight, self.bias)


class Int8Embedding(nn.Module):
    """A table of int8 rows: ids int64[B, T] -> float32[B, T, E].

    weight int8[V, E]; scale float32[V, 1], or [1, 1] where all rows have one step. rounding: of
    what `scores` takes; see Int8Linear.
    """

    weight: Tensor
    scale: Tensor

    def __init__(self, weight: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.rounding: Rounding = "rows"
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)

    @classmethod
    def of(cls, table: Tensor) -> Int8Embedding:
        weight, scale = quantize_rows(table)
        return cls(weight, scale[:, None])

    @classmethod
    def of_one_step(cls, table: Tensor, scale: float) -> Int8Embedding:
        weight, _ = quantize_by_step(table, scale)
        return cls(weight, torch.full((1, 1), scale))

    @property
    def one_step(self) -> bool:
        return self.scale.numel() == 1

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.weight).to(torch.float32)
        if self.one_step:
            return rows * self.scale
        return rows * nn.functional.embedding(ids, self.scale)

    def table(self) -> Tensor:
        """float32[V, E]."""
        return self.weight.to(torch.float32) * self.scale

    def scores(self, x: Tensor, bias: Tensor) -> Tensor:
        """What an Int8Linear of these rows makes of x float[B, T, E]: float[B, T, V]."""
        return nn.functional.linear(round_inputs(x, self.rounding), self.table(), bias)
