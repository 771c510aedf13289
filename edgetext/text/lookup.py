"""The longest piece at every position of a text, all positions and lengths at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from edgetext.text.large import not_above
from edgetext.text.narrow import NarrowTables
from edgetext.text.pieces import KEY_MASK, PieceTable
from edgetext.text.vocabulary import UNK


class PieceLookup(NarrowTables):
    """symbol int64[m], boundary int64[m] (1 where a word begins or a space is) -> int64[m]: what
    longest piece begins at each position, here its rank; see text.pieces. `piece` and `length` tell
    of it. 0 stands for a space, which has no length, and 1 is [UNK]'s own.

    symbols: how many there are in the alphabet.
    """

    power: Tensor
    beyond: Tensor

    def __init__(self, pieces: PieceTable, symbols: int, *, widen: bool = True) -> None:
        super().__init__(widen=widen)
        self.pieces = pieces
        self.symbols = symbols
        self.unknown = UNK
        self.longest = len(pieces.power)
        self.no_match = len(pieces.piece) - 1
        self.bucket_mask = len(pieces.shift) - 1
        self.slots = len(pieces.key)
        self._table("value", pieces.value)
        self._table("power", pieces.power[:, None])
        self._table("shift", pieces.shift)
        self._table("key", pieces.key)
        self._table("beyond", np.zeros(self.longest, np.int64))
        self._table("id", pieces.piece)
        self._table("size", pieces.length)

    def forward(self, symbol: Tensor, boundary: Tensor) -> Tensor:
        key = self.keys(symbol, boundary).reshape(-1) & KEY_MASK
        shift = self._read("shift", key & self.bucket_mask, wide=self.widen)
        slot = (key + shift).remainder(self.slots)
        # A slot holds its string's key plus its rank, so the difference is the rank or far off.
        rank = (self._read("key", slot) - key).abs()
        first = self.first(rank.reshape(self.longest, -1))
        # Only ONNX Runtime's Clip errs, and ExecuTorch's `where` takes far longer.
        return not_above(first, self.no_match) if self.widen else first.clamp(max=self.no_match)

    def piece(self, match: Tensor) -> Tensor:
        """Matches int64[k] -> ids in the vocabulary int64[k]; [UNK] where nothing matches."""
        return self._read("id", match)

    def number(self, ids: np.ndarray) -> None:
        """Give the pieces other ids: int64[V], one for each that they had."""
        self.pieces = replace(self.pieces, piece=ids[self.pieces.piece])
        self.unknown = int(ids[UNK])
        self._table("id", self.pieces.piece)

    def length(self, match: Tensor) -> Tensor:
        """Matches int64[k] -> symbols int64[k]; 0 where nothing matches."""
        return self._read("size", match)

    def keys(self, symbol: Tensor, boundary: Tensor) -> Tensor:
        """int64[longest, m + 1]: row k is for strings of k + 1 symbols, a column is a position.

        Rows laid end to end and cut again one longer slide along by one a row. What so wraps round
        the end has a space in it, and no piece has.
        """
        value = self._read("value", symbol + boundary * self.symbols)
        rows = torch.cat([(value * self.power).reshape(-1), self.beyond.long()])
        return rows.reshape(self.longest, -1).cumsum(0)

    @staticmethod
    def first(indices: Tensor) -> Tensor:
        """indices int64[longest, m + 1], of each string -> int64[m]: the lowest of each position,
        which is its longest piece's."""
        return indices.amin(0)[:-1]
