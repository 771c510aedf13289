"""The text pipeline as a tensor program: UTF-8 bytes → WordPiece ids and word offsets.

Every step treats all positions of the text at once, with integer operators that ONNX Runtime and
ExecuTorch both have: no loop, no custom operator, no shift (ExecuTorch has none). At batch 1 an
operator costs about as much as the work in it, so the program is written for few operators.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.text.pieces import SLOT_SHIFT, build_piece_table
from edgetext.text.symbols import (
    CLS_BYTE,
    FAIL_BYTE,
    SPACE_SYMBOL,
    build_alphabet,
    build_byte_tables,
)
from edgetext.text.vocabulary import MAX_WORD_CHARACTERS, Vocabulary

# 2^7 steps are more than the characters of a word.
DOUBLINGS = 7
PREFIX = (FAIL_BYTE, CLS_BYTE)
# A space ends the last word, and a character looks at three bytes after its first.
SUFFIX = (0x20, 0x20, 0x20, 0x20)
LOOK_AHEAD = 3
# Positions of the two sinks of the greedy walk: the two marks before the text.
FAILED, FINISHED = 0, 1


class Pieces(NamedTuple):
    """A text as the network reads it.

    ids: int64[T], [CLS] first; first: int64[W], index in ids of each word's first piece;
    start, end: int64[W], byte offsets of each word, end exclusive.
    """

    ids: Tensor
    first: Tensor
    start: Tensor
    end: Tensor


class TextGraph(nn.Module):
    """The compiled form of a vocabulary.

    widen: cast a table when it is used (a constant that ONNX Runtime folds at load) instead of
    what is read from it (less work where nothing folds constants, as in ExecuTorch).
    """

    def __init__(self, vocabulary: Vocabulary, *, widen: bool = True):
        super().__init__()
        alphabet = build_alphabet(vocabulary)
        table = build_byte_tables(vocabulary, alphabet)
        pieces = build_piece_table(vocabulary, alphabet)
        self.widen = widen
        self.last_isolated = alphabet.last_isolated
        self.other_word = alphabet.other_word
        self.symbols_in_alphabet = alphabet.size
        self.limit = table.limit
        self.block = table.block
        self.longest = len(pieces.power)
        self.ranks = len(pieces.piece)
        self.bucket_mask = len(pieces.displacement) - 1
        self.slot_mask = len(pieces.key) - 1
        length = pieces.length.copy()
        # "No match" jumps back beyond the text's begin, where the walk is clamped to FAILED.
        length[:2] = -(1 << 14)
        self._table("prefix", np.array(PREFIX))
        self._table("suffix", np.array(SUFFIX))
        self._table("base", table.base)
        self._table("weight", table.weight)
        self._table("continuation", table.continuation)
        self._table("page", table.page)
        self._table("symbols", table.symbols)
        self._table("width", table.width)
        self.parts = 1
        if table.expansion is not None:
            self.parts = table.expansion.shape[1]
            self._table("expansion", table.expansion)
        self._table("value", pieces.value)
        self._table("power", pieces.power)
        self._table("displacement", pieces.displacement)
        self._table("key", pieces.key)
        self._table("piece", pieces.piece)
        self._table("length", length)
        self._table("before", np.full(MAX_WORD_CHARACTERS, -1))
        self._table("beyond", np.zeros(self.longest, np.int64))

    def forward(self, text: Tensor) -> Pieces:
        """text: uint8[1, n], n ≥ 1."""
        data = torch.cat([self.prefix.long(), text.reshape(-1).long(), self.suffix.long()])
        symbol, position = self._symbols(data)
        boundary, count = self._boundaries(symbol)
        # A space is a boundary that starts no word; it is the one boundary symbol below 2.
        starts = torch.minimum(boundary, symbol - SPACE_SYMBOL)
        rank = self._longest_pieces(self._limit_words(symbol, count), starts)
        emitted = self._walk(rank, boundary, starts)

        token = emitted.nonzero().reshape(-1)
        _bound(token.shape[0], 1, symbol.shape[0])
        ids = self._read("piece", emitted.index_select(0, token))
        first = starts.index_select(0, token).nonzero().reshape(-1)
        _bound(first.shape[0], 1, token.shape[0])
        first = first[1:]
        word = token.index_select(0, first)
        edges = boundary.nonzero().reshape(-1)
        last = edges.index_select(0, count.index_select(0, word)) - 1
        last_byte = position.index_select(0, last)
        width = self._read("width", data.index_select(0, last_byte))
        start = position.index_select(0, word) - len(PREFIX)
        return Pieces(ids, first, start, last_byte + width - len(PREFIX))

    def _symbols(self, data: Tensor) -> tuple[Tensor, Tensor]:
        """Characters without the dropped ones: symbol int64[m] and byte position int64[m]."""
        size = data.shape[0] - LOOK_AHEAD
        lead = data[:size]
        continuation = self._read("continuation", data)
        index = self._read("base", lead)
        weight = self._read("weight", lead)
        following = torch.stack([continuation[k : k + size] for k in range(1, LOOK_AHEAD + 1)], 1)
        index = index + (weight * following).sum(1)
        index = index.clamp(max=self.limit)
        page = self._read("page", torch.div(index, self.block, rounding_mode="trunc"))
        code = self._read("symbols", index + page)
        if self.parts > 1:
            code = self._read("expansion", code).reshape(-1)
        position = code.nonzero().reshape(-1)
        _bound(position.shape[0], len(PREFIX) + 1, size * self.parts)
        symbol = code.index_select(0, position)
        if self.parts > 1:
            position = torch.div(position, self.parts, rounding_mode="trunc")
        return symbol, position

    def _boundaries(self, symbol: Tensor) -> tuple[Tensor, Tensor]:
        """boundary int64[m]: 1 where a word or a space begins; count int64[m]: how many so far."""
        previous = torch.cat([symbol[:1], symbol[:-1]])
        boundary = (torch.minimum(symbol, previous) <= self.last_isolated).long()
        return boundary, boundary.cumsum(0)

    def _limit_words(self, symbol: Tensor, count: Tensor) -> Tensor:
        """Make the 101st character of a word unknown, and so the word."""
        earlier = torch.cat([self.before.long(), count])[: count.shape[0]]
        return torch.where(count == earlier, self.other_word, symbol)

    def _longest_pieces(self, symbol: Tensor, starts: Tensor) -> Tensor:
        """int64[m]: the rank of the longest piece that begins at each position; 0: none."""
        value = self._read("value", symbol + starts * self.symbols_in_alphabet)
        size = symbol.shape[0]
        column = torch.arange(self.longest)
        window = torch.arange(size).unsqueeze(1) + column
        value = torch.cat([value, self.beyond.long()])
        hashed = (value[window] * self.power.long()).cumsum(1)
        displacement = self._read("displacement", hashed & self.bucket_mask)
        slot = torch.div(hashed, SLOT_SHIFT, rounding_mode="trunc") + displacement
        # A slot holds its string's hash plus its rank, so the difference is the rank or far off.
        rank = (self._read("key", slot & self.slot_mask) - hashed).abs()
        return torch.where(rank < self.ranks, rank, 0).amax(1)

    def _walk(self, rank: Tensor, boundary: Tensor, starts: Tensor) -> Tensor:
        """Follow the greedy matches from every word's start.

        Pointer doubling (Wyllie 1979): after k rounds `visited` marks the positions within 2^k - 1
        matches of a start, each exactly once, and `jump` points 2^k matches on. A jump ends in
        FINISHED when the word is used up and in FAILED when nothing matches.

        Returns int64[m]: the rank to emit at each position; 1 is [UNK], 0 is nothing.
        """
        here = torch.arange(rank.shape[0])
        target = torch.where(boundary > 0, FINISHED, here)
        jump = target.index_select(0, (here + self._read("length", rank)).clamp(min=FAILED))
        visited = starts
        for _ in range(DOUBLINGS):
            visited = visited.scatter_add(0, jump, visited)
            jump = jump.index_select(0, jump)
        # The sinks have numbers above 1 in `visited`; FINISHED is [CLS] and stays visited.
        return torch.where((visited * jump) > 0, rank, starts)

    def _table(self, name: str, values: np.ndarray) -> None:
        self.register_buffer(name, torch.from_numpy(_narrow(values)), persistent=False)

    def _read(self, name: str, index: Tensor) -> Tensor:
        table = getattr(self, name)
        if self.widen:
            return table.long()[index]
        return table[index].long()


def _narrow(values: np.ndarray) -> np.ndarray:
    """The same integers in the smallest signed type, or uint8."""
    low, high = int(values.min()), int(values.max())
    for kind in (np.uint8, np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return values.astype(kind)
    return values.astype(np.int64)


def _bound(size: int, low: int, high: int) -> None:
    """Tell torch.export what a data-dependent length can be."""
    torch._check(size >= low)
    torch._check(size <= high)
