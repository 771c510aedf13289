"""How weights become integers and scales."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

INT8_MAX = 127
# The scale of a row of zeros, which must have one too.
SMALLEST_SCALE = 1e-7
# The largest sum of two neighbours, either of which rounding may have raised by half.
PAIR_MAX = 128
# float[N, K] -> integers int8[N, K] and a scale a row float32[N], each row by itself.
Quantizer = Callable[[Tensor], tuple[Tensor, Tensor]]


def quantize_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Quantize float[N, K] to int8[N, K] and scales float32[N]: symmetric, one scale a row.

    The scale is the row's largest magnitude / 127, so no weight is clipped (Krishnamoorthi 2018,
    §3.1.1, per channel).
    """
    scale = (weight.detach().abs().amax(dim=1) / INT8_MAX).clamp(min=SMALLEST_SCALE)
    values = torch.round(weight.detach() / scale[:, None]).clamp(-INT8_MAX, INT8_MAX)
    return values.to(torch.int8), scale.to(torch.float32)


def quantize_pairs(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Quantize as `quantize_rows`, for kernels whose weights are signed.

    x86 without VNNI adds two products of a weight and an activation (0..255) in 16 bits and
    saturates (vpmaddubsw). A scale large enough that two neighbours add up to at most PAIR_MAX
    rules that out: 255 * 128 < 2^15. It is about a third larger than it would be.
    """
    even = nn.functional.pad(weight.detach(), (0, weight.shape[1] % 2))
    pairs = even.unflatten(1, (-1, 2)).sum(dim=2).abs().amax(dim=1)
    largest = torch.maximum(pairs, weight.detach().abs().amax(dim=1))
    scale = (largest / INT8_MAX).clamp(min=SMALLEST_SCALE)
    values = torch.round(weight.detach() / scale[:, None]).clamp(-INT8_MAX, INT8_MAX)
    return values.to(torch.int8), scale.to(torch.float32)


def pairs_fit(values: Tensor) -> bool:
    """Tell whether no two neighbours of int8[N, K] saturate a signed kernel; see
    `quantize_pairs`."""
    even = nn.functional.pad(values.to(torch.int16), (0, values.shape[1] % 2))
    return int(even.unflatten(1, (-1, 2)).sum(dim=2).abs().amax()) <= PAIR_MAX


def quantize_together(table: Tensor) -> tuple[Tensor, Tensor]:
    """Quantize float[V, E] as `quantize_rows`, by the largest magnitude of all rows."""
    largest = table.detach().abs().amax()
    return quantize_by_scale(table, max(float(largest) / INT8_MAX, SMALLEST_SCALE))


def quantize_by_scale(table: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    """Quantize float[V, E] to int8[V, E] and scales float32[V], which are all `scale`.

    What lies beyond 127 times the scale is cut.
    """
    values = torch.round(table.detach() / scale).clamp(-INT8_MAX, INT8_MAX)
    return values.to(torch.int8), torch.full((len(table),), scale)
