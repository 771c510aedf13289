"""Modules whose weights are int8; what both exporters reproduce, integer by integer."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

Rounding = Literal["rows", "tensor", "none"]

LIMIT = 127
# XNNPACK's and ONNX Runtime's activations have 256 steps; a row of zeros must still have a step.
STEPS = 255
SMALLEST_STEP = 1e-7


def quantize_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    """float[N, K] -> int8[N, K] and its step float32[N]: symmetric, one step a row.

    The step is the row's largest magnitude / 127, so no weight is clipped (Krishnamoorthi 2018,
    §3.1.1, per channel).
    """
    scale = (weight.detach().abs().amax(dim=1) / LIMIT).clamp(min=SMALLEST_STEP)
    values = torch.round(weight.detach() / scale[:, None]).clamp(-LIMIT, LIMIT)
    return values.to(torch.int8), scale.to(torch.float32)


def round_activations(x: Tensor, together: tuple[int, ...] = (-1,)) -> Tensor:
    """x float[..., K] as 256 steps between its smallest and largest value, zero included.

    together: the dimensions whose values share a range. Zero stays zero exactly.
    """
    low = x.amin(dim=together, keepdim=True).clamp(max=0)
    high = x.amax(dim=together, keepdim=True).clamp(min=0)
    scale = ((high - low) / STEPS).clamp(min=SMALLEST_STEP)
    zero = torch.round(-low / scale)
    return (torch.clamp(torch.round(x / scale) + zero, 0, STEPS) - zero) * scale


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
    def of(cls, layer: nn.Linear) -> Int8Linear:
        bias = None if layer.bias is None else layer.bias.detach().clone()
        return cls(*quantize_rows(layer.weight), bias)

    def forward(self, x: Tensor) -> Tensor:
        weight = self.weight.to(x.dtype) * self.scale[:, None]
        if self.rounding != "none":
            x = round_activations(x, (-1,) if self.rounding == "rows" else tuple(range(x.dim())))
        return nn.functional.linear(x, weight, self.bias)


class Int8Embedding(nn.Module):
    """A table of int8 rows: ids int64[B, T] -> float32[B, T, E].

    weight int8[V, E], scale float32[V, 1].
    """

    weight: Tensor
    scale: Tensor

    def __init__(self, weight: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)

    @classmethod
    def of(cls, table: Tensor) -> Int8Embedding:
        weight, scale = quantize_rows(table)
        return cls(weight, scale[:, None])

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.weight).to(torch.float32)
        return rows * nn.functional.embedding(ids, self.scale)
