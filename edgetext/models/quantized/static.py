"""Convolutions whose activations are 8-bit integers of fixed steps (static quantization).

The steps are found beforehand, on data (`calibrate`), so that nothing looks for a range when the
network runs, and one convolution hands integers to the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from edgetext.models.layers.masking import window
from edgetext.models.quantized.fake import LIMIT, SMALLEST_STEP, STEPS, straight_through
from edgetext.models.quantized.int8 import Rounding

# The largest sum of two neighbours, either of which rounding may have raised by half.
PAIR_LIMIT = 128
_TENSORS = ("weight", "scale", "bias", "input_scale", "input_zero", "output_scale")


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a convolution; see StaticConvolution. width: of its windows, in pieces.
    reads_table: whether its inputs are the embedding's rows as they are."""

    width: int
    input_scale: float
    input_zero: int
    output_scale: float
    reads_table: bool


class StaticConvolution(nn.Module):
    """ReLU of a Linear on windows, its inputs and outputs rounded to fixed steps.

    weight int8[N, width, D], scale float32[N], bias float32[N]; see `quantize_pairs`.
    input_scale float32[1], input_zero uint8[1]: an input x is the integer round(x / scale) + zero,
    cut to 0..255. output_scale float32[1]: the same of the outputs, whose zero is 0, so that the
    cut is the ReLU.

    rounding: "none" leaves inputs and outputs as they are; see Int8Linear.
    """

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
        self.rounding: Rounding = "rows"
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", torch.zeros(len(weight)) if bias is None else bias)
        self.register_buffer("input_scale", input_scale)
        self.register_buffer("input_zero", input_zero)
        self.register_buffer("output_scale", output_scale)

    @classmethod
    def of(cls, layer: nn.Linear, steps: Steps) -> StaticConvolution:
        weight, scale = quantize_pairs(layer.weight)
        return cls(
            weight.unflatten(1, (steps.width, -1)),
            scale,
            None if layer.bias is None else layer.bias.detach().clone(),
            torch.tensor([steps.input_scale]),
            torch.tensor([steps.input_zero], dtype=torch.uint8),
            torch.tensor([steps.output_scale]),
        )

    @classmethod
    def stored(cls, tensors: Mapping[str, Tensor], name: str) -> StaticConvolution:
        """The layer of this name of a checkpoint; KeyError when a tensor of it is missing."""
        return cls(*(tensors[f"{name}.{part}"] for part in _TENSORS))

    def over_windows(self, x: Tensor, width: int, mask: Tensor | None, causal: bool) -> Tensor:
        """See models.layers.convolution."""
        exact = self.rounding == "none"
        if not exact:
            x = round_to_steps(x, self.input_scale, self.input_zero)
        weight = self.weight.flatten(1).to(x.dtype) * self.scale[:, None]
        y = nn.functional.linear(window(x, width, mask, causal), weight, self.bias)
        if exact:
            return torch.relu(y)
        return round_to_steps(y, self.output_scale, torch.zeros_like(self.input_zero))


def round_to_steps(x: Tensor, scale: Tensor, zero: Tensor) -> Tensor:
    """x as the nearest of the values (0..255 - zero) * scale. scale float32[1], zero uint8[1]."""
    shift = zero.to(x.dtype)
    return (torch.clamp(torch.round(x / scale) + shift, 0, STEPS) - shift) * scale


def quantize_pairs(weight: Tensor) -> tuple[Tensor, Tensor]:
    """float[N, K] -> int8[N, K] and its step float32[N], as `quantize_rows`, for signed kernels.

    x86 without VNNI adds two products of a weight and an activation (0..255) in 16 bits and
    saturates (vpmaddubsw). A step large enough that two neighbours add up to at most PAIR_LIMIT
    rules that out: 255 * 128 < 2^15. It is about a third larger than it would be.
    """
    even = nn.functional.pad(weight.detach(), (0, weight.shape[1] % 2))
    pairs = even.unflatten(1, (-1, 2)).sum(dim=2).abs().amax(dim=1)
    largest = torch.maximum(pairs, weight.detach().abs().amax(dim=1))
    scale = (largest / LIMIT).clamp(min=SMALLEST_STEP)
    values = torch.round(weight.detach() / scale[:, None]).clamp(-LIMIT, LIMIT)
    return values.to(torch.int8), scale.to(torch.float32)


def pairs_fit(values: Tensor) -> bool:
    """Whether no two neighbours of int8[N, K] saturate a signed kernel; see `quantize_pairs`."""
    even = nn.functional.pad(values.to(torch.int16), (0, values.shape[1] % 2))
    return int(even.unflatten(1, (-1, 2)).sum(dim=2).abs().amax()) <= PAIR_LIMIT


def over_rounded(
    layer: nn.Linear, steps: Steps, x: Tensor, width: int, mask: Tensor | None, causal: bool
) -> Tensor:
    """What the StaticConvolution of a layer in training would answer; see
    models.layers.convolution. Beyond the steps, where the rounding cuts, no gradient passes (Jacob
    et al. 2018, §3)."""
    values, scale = quantize_pairs(layer.weight)
    weight = straight_through(layer.weight, values.to(x.dtype) * scale[:, None])
    x = _cut(x, steps.input_scale, steps.input_zero)
    y = nn.functional.linear(window(x, width, mask, causal), weight, layer.bias)
    return _cut(y, steps.output_scale, 0)


def _cut(x: Tensor, scale: float, zero: int) -> Tensor:
    kept = x.clamp(-zero * scale, (STEPS - zero) * scale)
    return straight_through(kept, torch.round(kept / scale) * scale)
