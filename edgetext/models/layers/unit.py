"""Vectors of length 1."""

from __future__ import annotations

import torch
from torch import Tensor


def unit(vectors: Tensor) -> Tensor:
    """Make the length of each vector of float[B, D] 1; one that is 0 stays so."""
    return vectors * torch.rsqrt((vectors * vectors).sum(-1, keepdim=True) + 1e-12)
