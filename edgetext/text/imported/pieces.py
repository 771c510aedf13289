"""The pieces of a text without special tokens."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Cut(NamedTuple):
    """ids: int64[1 + P]; word: int64[1 + W], index in ids of each word's first piece; start, end:
    int64[1 + P], each piece's bytes, end exclusive.

    Row 0 of all is a mark before the text, bytes 0 to 0, so that nothing after it has to answer for
    an empty tensor.
    """

    ids: Tensor
    word: Tensor
    start: Tensor
    end: Tensor


def bound(size: int, low: int, high: int) -> None:
    """Tell torch.export what a data-dependent length can be."""
    torch._check(size >= low)
    torch._check(size <= high)
