"""The text pipeline as a tensor program: UTF-8 bytes → WordPiece ids and word offsets.

Every step treats all positions of the text at once, with integer operators that ONNX Runtime and
ExecuTorch both have: no loop, no custom operator, no shift (ExecuTorch has none). At batch 1 an
operator costs about as much as the work in it, so the program is written for few operators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from edgetext.text.ahead import LookAhead, LookBehind
from edgetext.text.lengths import bound
from edgetext.text.lookup import PieceLookup
from edgetext.text.marks import CLS_BYTE
from edgetext.text.packed import PackTexts
from edgetext.text.pieces import build_piece_table
from edgetext.text.symbols import CLS_SYMBOL, Alphabet, build_alphabet, build_byte_tables
from edgetext.text.trie import TrieReader
from edgetext.text.vocabulary import Vocabulary
from edgetext.text.walk import Walk, WalkBySums

PREFIX = (CLS_BYTE,)


class Pieces(NamedTuple):
    """A text as the network reads it.

    ids: int64[T], [CLS] first; first: int64[1 + W], index in ids of each word's first piece;
    start, end: int64[1 + W], byte offsets of each word, end exclusive. Row 0 is [CLS] itself: piece
    0, bytes -1 to 0 (of a canonical vocabulary, to the first byte that is not dropped). So no text
    leaves these without a row, and no operator after them has to answer for an empty tensor, which
    runtimes do in ways of their own.
    """

    ids: Tensor
    first: Tensor
    start: Tensor
    end: Tensor


class TextGraph(TrieReader):
    """The compiled form of a vocabulary. widen: see NarrowTables; whole: texts that are read as one
    and are pieces, where something before puts their marks in their places (see text.symbols)."""

    prefix: Tensor
    first_symbol: Tensor
    expansion: Tensor

    def __init__(
        self, vocabulary: Vocabulary, *, widen: bool = True, whole: Sequence[str] = ()
    ) -> None:
        super().__init__(widen=widen)
        alphabet = build_alphabet(vocabulary, whole)
        table = build_byte_tables(vocabulary, alphabet)
        pieces = build_piece_table(vocabulary, alphabet)
        self.last_isolated = alphabet.last_isolated
        self.last_letter = alphabet.last_letter
        self.last_sign = alphabet.last_sign
        self.lookup = PieceLookup(pieces, alphabet.size, widen=widen)
        self.ahead = LookAhead(vocabulary.filler)
        self.canonical = vocabulary.canonical
        if self.canonical:
            self.behind = LookBehind()
        self.walk = (Walk if widen else WalkBySums)(vocabulary.word_pieces)
        self._table("prefix", np.array(PREFIX))
        self._table("first_symbol", np.array([CLS_SYMBOL]))
        self._table("root", table.root)
        self._table("continuation", table.continuation)
        self._table("trie", table.trie)
        if not self.canonical:
            # From the character's first byte, the mark counted, to its end in the text.
            self._table("to_end", table.width - len(PREFIX))
        self.rounds = vocabulary.rounds
        if self.rounds:
            self._table("combining_class", _combining_classes(alphabet, vocabulary.marks))
        self.parts = 1
        # A canonical vocabulary ends no word within a character, so the bytes of one may hold its
        # parts, one each.
        self.in_bytes = self.canonical and table.fits
        if table.expansion is not None:
            self.parts = table.expansion.shape[1]
            if self.in_bytes:
                for part, symbols in enumerate(table.expansion.T):
                    self._table(f"part_{part}", symbols)
            else:
                self._table("expansion", table.expansion)

    def forward(self, text: Tensor) -> Pieces:
        """text: uint8[1, n], n ≥ 1."""
        data = torch.cat([self.prefix.long(), text.reshape(-1).long(), self.ahead.suffix.long()])
        return self._read_marked(data)

    def packing(self, max_bytes: int) -> PackTexts:
        """Make what puts several texts into one stream for `read_several`."""
        end = self.ahead.end
        return PackTexts(max_bytes, before=PREFIX, after=1, filler=end)

    def read_several(self, stream: Tensor) -> Pieces:
        """stream: int64[m], of `packing`. Offsets count from the first byte of the first text."""
        return self._read_marked(torch.cat([stream, self.ahead.suffix.long()]))

    def _read_marked(self, data: Tensor) -> Pieces:
        """data: int64[m], [CLS] before a text and what ends one after it."""
        symbol, position = self._symbols(data)
        for _ in range(self.rounds):
            symbol = symbol.gather(0, self._exchange(self._read("combining_class", symbol)))
        previous = torch.cat([self.first_symbol.long(), symbol[:-1]])
        # A boundary begins a word or is a space; the rank of a space emits nothing.
        edge = self._edges(symbol, previous)
        boundary = edge.long()
        match = self.lookup(symbol, boundary)
        emitted = self.walk(match, self.lookup.length(match), edge, boundary)

        token = emitted.nonzero().reshape(-1)
        bound(token.shape[0], 1, symbol.shape[0])
        ids = self.lookup.piece(emitted.gather(0, token))
        first = boundary.gather(0, token).nonzero().reshape(-1)
        bound(first.shape[0], 1, token.shape[0])
        if not self.widen:
            # It changes nothing, but ExecuTorch cannot return a view of nonzero's answer.
            first = first.clamp(min=0)
        word = token.gather(0, first)
        edges = edge.nonzero().reshape(-1)
        after = edges.gather(0, boundary.cumsum(0).gather(0, word))
        if self.canonical:
            end = position.gather(0, after) - len(PREFIX)
        else:
            last_byte = position.gather(0, after - 1)
            end = last_byte + self._read("to_end", data.gather(0, last_byte), wide=self.widen)
        return Pieces(ids, first, position.gather(0, word) - len(PREFIX), end)

    def _symbols(self, data: Tensor) -> tuple[Tensor, Tensor]:
        """Characters without the dropped ones: symbol int64[m] and byte position int64[m]."""
        state = self._codes(data)
        size = state.shape[0]
        origin = None
        if self.parts > 1 and self.in_bytes:
            state = self._in_bytes(state)
        elif self.parts > 1:
            state = self.expansion.index_select(0, state).long().reshape(-1)
            origin = torch.arange(size).unsqueeze(1).expand(size, self.parts).reshape(-1)
        position = state.nonzero().reshape(-1)
        bound(position.shape[0], len(PREFIX) + 1, size * self.parts)
        symbol = state.gather(0, position)
        return symbol, position if origin is None else origin.gather(0, position)

    def _in_bytes(self, state: Tensor) -> Tensor:
        """Codes int64[n] at first bytes -> symbols int64[n], a character's parts at its bytes."""
        symbol = self._read("part_0", state, wide=self.widen)
        for part in range(1, self.parts):
            more = self._read(f"part_{part}", state, wide=self.widen)
            symbol = symbol + self.behind(more, part)
        return symbol

    def _exchange(self, kind: Tensor) -> Tensor:
        """Combining classes int64[m] -> int64[m]; see text.characters.exchange."""
        # What follows the last symbol, a space, is no mark either.
        after = torch.cat([kind[1:], kind[-1:]])
        # 1 where a lower class above 0 follows: both differences are at least 1.
        falls = torch.minimum(kind - after, after).clamp(0, 1)
        exchanged = (falls - self.behind(falls, 1)).clamp(min=0)
        here = torch.arange(kind.shape[0])
        return here + exchanged - self.behind(exchanged, 1)

    def _edges(self, symbol: Tensor, previous: Tensor) -> Tensor:
        """bool[m]: whether a word begins at each character, or it is a space; or int64[m], 1 where
        that is so, which takes ExecuTorch less time than to compare and to make numbers of it."""
        if self.last_sign == self.last_isolated:
            lowest = torch.minimum(symbol, previous)
            if not self.widen:
                return (self.last_isolated + 1 - lowest).clamp(0, 1)
            return lowest <= self.last_isolated
        begins = (symbol <= self.last_letter).logical_or(previous <= self.last_isolated)
        after = (previous <= self.last_sign).logical_and(symbol > self.last_sign)
        return begins.logical_or(after)


def _combining_classes(alphabet: Alphabet, marks: Mapping[str, int]) -> np.ndarray:
    """int64[symbols]: 0 for what is no mark, or no character of a piece."""
    classes = np.zeros(alphabet.size, np.int64)
    for mark, kind in marks.items():
        classes[alphabet.word[mark]] = kind
    return classes
