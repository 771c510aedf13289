"""From numbers to integers of a scale and a zero, and back, as operators of ONNX Runtime."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.onnx.ops import symbolic


def to_integers(x: Tensor, scale: Tensor, zero: Tensor) -> Tensor:
    return symbolic("QuantizeLinear", (x, scale, zero), dtype=torch.uint8, shape=x.shape)


def to_floats(x: Tensor, scale: Tensor, zero: Tensor | None = None, axis: int = 1) -> Tensor:
    """Give the numbers that integers stand for; scale float32[], or [N] along an axis."""
    return symbolic(
        "DequantizeLinear",
        (x, scale, zero),
        {"axis": axis} if scale.dim() else {},
        dtype=torch.float32,
        shape=x.shape,
    )
