"""The number of every string of symbols in a text, all positions and lengths at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import torch
from torch import Tensor

from edgetext.text.large import not_above
from edgetext.text.narrow import NarrowTables
from edgetext.text.pieces import KEY_MASK, HashedStrings, hash_strings


class StringLookup(NarrowTables):
    """symbol int64[m], boundary int64[m], 1 where a word begins, -> int64[longest, m + 1]: row k
    has the number of the string of k + 1 symbols at each position, `none` where it is none of those
    given or goes on into the next word. See text.pieces for how they are told apart.

    hashed: the strings, of symbols below `symbols`; the second half of its values is for symbols
    that begin a word within a string. The last symbol of a text must be in no string of several, so
    that none reaches beyond its end.
    """

    power: Tensor
    beyond: Tensor
    row: Tensor

    def __init__(self, hashed: HashedStrings, symbols: int, *, widen: bool = True) -> None:
        super().__init__(widen=widen)
        self.symbols = symbols
        self.none = len(hashed.string)
        self.hashed = hashed
        self.longest = len(hashed.power)
        self.bucket_mask = len(hashed.shift) - 1
        self.slots = len(hashed.key)
        self._table("value", hashed.value)
        self._table("power", hashed.power[:, None])
        self._table("shift", hashed.shift)
        self._table("key", hashed.key)
        self._table("beyond", np.zeros(self.longest, np.int64))
        # A string's first symbol may begin a word, the others not.
        self._table("row", np.minimum(np.arange(self.longest), 1))

    @classmethod
    def of(cls, strings: Sequence[Sequence[int]], symbols: int, *, widen: bool = True) -> Self:
        """Make one of strings, in the order of their numbers."""
        numbers = np.arange(len(strings), dtype=np.int64)
        return cls(hash_strings(strings, numbers, 2 * symbols), symbols, widen=widen)

    def forward(self, symbol: Tensor, boundary: Tensor) -> Tensor:
        key = self.keys(symbol, boundary).reshape(-1) & KEY_MASK
        shift = self._read("shift", key & self.bucket_mask, wide=self.widen)
        slot = (key + shift).remainder(self.slots)
        number = (self._read("key", slot) - key).abs()
        return not_above(number, self.none).reshape(self.longest, -1)

    def keys(self, symbol: Tensor, boundary: Tensor) -> Tensor:
        """int64[longest, m + 1]: see text.lookup.PieceLookup."""
        both = torch.cat([symbol, symbol + boundary * self.symbols])
        value = self._read("value", both).reshape(2, -1).index_select(0, self.row.long())
        rows = torch.cat([(value * self.power).reshape(-1), self.beyond.long()])
        return rows.reshape(self.longest, -1).cumsum(0)
