"""A layer of a convolution over pieces."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn

from edgetext.models.layers.masking import window
from edgetext.models.layers.segments import Mask


class Convolution(nn.Module, ABC):
    """A layer that convolves by itself.

    A layer whose activations are integers, for instance, need not be taken apart into a window, a
    product and a ReLU.
    """

    @abstractmethod
    def convolve(self, x: Tensor, width: int, mask: Mask, causal: bool) -> Tensor:
        """Give the ReLU of the layer on each position's window: x float[B, T, D] -> float[B, T, N].

        width, mask, causal: see masking.window.
        """


def convolve(layer: nn.Module, x: Tensor, width: int, mask: Mask, causal: bool = False) -> Tensor:
    """Give the ReLU of `layer` on each position's window: x float[B, T, D] -> float[B, T, N]."""
    if isinstance(layer, Convolution):
        return layer.convolve(x, width, mask, causal)
    return torch.relu(layer(window(x, width, mask, causal)))
