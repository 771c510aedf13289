"""A layer of a convolution over pieces."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from edgetext.models.layers.masking import window
from edgetext.models.layers.norm import NormedLinear


def convolve(
    layer: Any, x: Tensor, width: int, mask: Tensor | None, causal: bool = False
) -> Tensor:
    """ReLU of `layer` on each position's window: x float[B, T, D] -> float[B, T, N].

    A layer that has a method `over_windows` does the whole by itself: one whose activations are
    integers need not be told apart into a window, a product and a ReLU.
    """
    whole = getattr(layer, "over_windows", None)
    if whole is not None:
        made: Tensor = whole(x, width, mask, causal)
        return made
    seen = window(x, width, mask, causal)
    return torch.relu(layer(seen, mask) if isinstance(layer, NormedLinear) else layer(seen))
