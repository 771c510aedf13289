"""How the inputs and outputs of a layer are rounded to 8 bits."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

from edgetext.models.quantized.weights import SMALLEST_SCALE

# XNNPACK's and ONNX Runtime's activations have 256 values.
UINT8_MAX = 255
# MatMulNBits rounds so many inputs of a row together, to as many values on either side of zero.
BLOCK = 64
BLOCK_MAX = 127
# How a layer's inputs are rounded. "rows", each position by its own range, is what ExecuTorch does
# and the checkpoint's own answer; "tensor", all by one range, and "blocks" are ONNX Runtime's;
# "none" leaves them as they are. An answer that differs between them depends on rounding.
Rounding = Literal["rows", "tensor", "blocks", "none"]


def round_inputs(x: Tensor, rounding: Rounding) -> Tensor:
    """Round a layer's inputs as a runtime does."""
    if rounding == "none":
        return x
    if rounding == "blocks":
        return round_blocks(x)
    return round_activations(x, (-1,) if rounding == "rows" else tuple(range(x.dim())))


def round_activations(x: Tensor, together: tuple[int, ...] = (-1,)) -> Tensor:
    """Round x float[..., K] to 256 values between its smallest and its largest, zero included.

    together: the dimensions whose values share a range. Zero stays zero exactly.
    """
    low = x.amin(dim=together, keepdim=True).clamp(max=0)
    high = x.amax(dim=together, keepdim=True).clamp(min=0)
    scale = ((high - low) / UINT8_MAX).clamp(min=SMALLEST_SCALE)
    zero = torch.round(-low / scale)
    return (torch.clamp(torch.round(x / scale) + zero, 0, UINT8_MAX) - zero) * scale


def round_blocks(x: Tensor) -> Tensor:
    """Round x float[..., K] to integers of -BLOCK_MAX to BLOCK_MAX times a step, which is that of
    each BLOCK values of a row."""
    size = x.shape[-1]
    blocks = torch.nn.functional.pad(x, (0, -size % BLOCK)).unflatten(-1, (-1, BLOCK))
    step = (blocks.abs().amax(dim=-1, keepdim=True) / BLOCK_MAX).clamp(min=SMALLEST_SCALE)
    return (torch.round(blocks / step) * step).flatten(-2)[..., :size]


def round_to_scale(x: Tensor, scale: Tensor, zero: Tensor) -> Tensor:
    """Round x to the nearest of the values (0..255 - zero) * scale. scale float32[1], zero
    uint8[1]."""
    shift = zero.to(x.dtype)
    return (torch.clamp(torch.round(x / scale) + shift, 0, UINT8_MAX) - shift) * scale


def straight_through(value: Tensor, rounded: Tensor) -> Tensor:
    """Give the rounded value, with the gradient of the other (Jacob et al. 2018, §3)."""
    return value + (rounded - value).detach()
