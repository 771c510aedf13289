"""Rows of different lengths, one after the other in memory, and padded when some are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor


class Ragged:
    """Rows of numbers.

    values: all of them, [V]; begin: where each row begins, int64[N]; length: of each, int64[N]. One
    long row among short ones takes no more than itself.
    """

    def __init__(self, values: Tensor, length: Tensor) -> None:
        self.values = values
        self.length = length
        self.begin = length.cumsum(0) - length

    @classmethod
    def of(cls, rows: Sequence[np.ndarray], dtype: Any) -> Self:
        """Put rows [T] one after the other, as a type of numpy's."""
        length = torch.tensor([len(row) for row in rows], dtype=torch.int64)
        joined = np.concatenate(rows) if rows else np.empty(0)
        return cls(torch.from_numpy(joined.astype(dtype)), length)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Put the rows of several one after the other; at least one."""
        values = torch.cat([part.values for part in parts])
        return cls(values, torch.cat([part.length for part in parts]))

    def __len__(self) -> int:
        return len(self.length)

    def padded(self, index: Tensor, width: int, fill: int | bool) -> Tensor:
        """Give the rows int64[B] as one matrix [B, width], `fill` behind their ends."""
        column = torch.arange(width)
        at = (self.begin[index, None] + column).clamp_(max=max(0, len(self.values) - 1))
        beyond = column >= self.length[index, None]
        return self.values[at].masked_fill_(beyond, fill)

    def placed(self, source: Tensor, length: Tensor, fill: int | bool) -> Ragged:
        """Give rows of other lengths, int64[N], whose values come from the places int64[V'] of
        these; `fill` where a place is -1."""
        values = self.values[source.clamp(min=0)].masked_fill_(source < 0, fill)
        return Ragged(values, length)

    def take(self, index: Tensor) -> Ragged:
        """Give the rows int64[k] alone, in their order."""
        length = self.length[index]
        begin = length.cumsum(0) - length
        # A value's place in its row, added to where that row begins now.
        column = torch.arange(int(length.sum())) - torch.repeat_interleave(begin, length)
        at = torch.repeat_interleave(self.begin[index], length) + column
        return Ragged(self.values[at], length)

    def sums(self) -> Tensor:
        """Add up each row, int64[N]."""
        until = torch.cat([torch.zeros(1, dtype=torch.int64), self.values.long().cumsum(0)])
        return until[self.begin + self.length] - until[self.begin]
