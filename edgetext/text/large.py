"""Integers of more than 31 bits, told apart rightly in every host.

ONNX Runtime up to 1.31.1 takes the lesser and the greater of two int64 wrongly where their higher
halves are equal and their lower ones differ in the highest bit, on processors with AVX2: Min, Max,
Clip, and ReduceMin and ReduceMax of a vector or over the last axis. Comparisons are right, and
reductions over the first axis.
"""

from __future__ import annotations

import torch
from torch import Tensor


def not_above(values: Tensor, most: int) -> Tensor:
    """values int64[...] -> the same, `most` in the place of what is above it."""
    return torch.where(values < most, values, most)
