"""What has been typed of the last word, and which pieces may go on from there.

A word "tomor" that is being typed is split as "to ##mor", but the word that is meant may be
"tomorrow", a piece of its own. Greedy matching gives a longer word the pieces of its beginning up
to some point, and from there one piece that reaches at least to what was typed. So for every such
point, before each piece of the last word and after them all, the pieces that begin with the bytes
typed from there on are possible, and no others.

Pieces in the order of their bytes make that a range: those that begin with given bytes stand
together. Two rounds of counting find a range among thousands of pieces.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.core.integers import ceil_div
from edgetext.text.character_rules import ISOLATED
from edgetext.text.characters import rules
from edgetext.text.graph import Pieces
from edgetext.text.lengths import bound
from edgetext.text.vocabulary import CONTINUATION, SPECIAL_PIECES, UNK, Vocabulary

# A key is KEY_BYTES, the first of which tells whether the piece continues a word, as integers of
# COLUMN_BYTES each.
KEY_BYTES, COLUMN_BYTES = 21, 7
# Longer pieces are never suggested. A piece has at most 18 characters, so it is another script's.
LONGEST = KEY_BYTES - 1
# A word that is being typed is looked at from its last three pieces on; pieces that reach further
# back are too long to be likely.
ROWS = 4
_HIGHEST_BYTE = 255


class Typed(NamedTuple):
    """Where the next piece can begin, in the order of the text; R is 1 after a finished word.

    rows: int64[R], the piece after which it begins; low, high: int64[R], the ranks of the possible
    pieces, high exclusive; typed: int64[R], how many bytes of it stand there already.
    """

    rows: Tensor
    low: Tensor
    high: Tensor
    typed: Tensor


class PieceOrder:
    """The pieces that can be suggested, in the order of their bytes.

    ids: int64[N], rank -> id, those that begin a word first; begins: how many these are;
    rank: int64[V], id -> rank, -1 for the others; data: uint8[N, KEY_BYTES], their keys;
    text: uint8[V, LONGEST], id -> its bytes, filled up with zeros, none for the others.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        pieces = []
        for index, piece in enumerate(vocabulary.pieces):
            inner = piece.startswith(CONTINUATION) and len(piece) > len(CONTINUATION)
            data = (piece.removeprefix(CONTINUATION) if inner else piece).encode("utf-8")
            if index >= len(SPECIAL_PIECES) and len(data) <= LONGEST:
                pieces.append((bytes([inner]) + data, index))
        pieces.sort()
        self.ids = np.array([index for _, index in pieces], np.int64)
        self.begins = sum(data[0] == 0 for data, _ in pieces)
        self.rank = np.full(len(vocabulary), -1, np.int64)
        self.rank[self.ids] = np.arange(len(pieces))
        raw = b"".join(data.ljust(LONGEST + 1, b"\0") for data, _ in pieces)
        self.data = np.frombuffer(raw, np.uint8).reshape(-1, KEY_BYTES)
        self.text = np.zeros((len(vocabulary), LONGEST), np.uint8)
        self.text[self.ids] = self.data[:, 1:]


class ReadTyped(nn.Module):
    """Which pieces may follow a text. The vocabulary must keep case: what was typed must match.

    column_bytes: of each integer of a key, KEY_BYTES or a part of it.
    """

    key: Tensor
    pivot: Tensor
    place: Tensor
    above: Tensor
    weight: Tensor
    size: Tensor
    alone: Tensor

    def __init__(self, vocabulary: Vocabulary, column_bytes: int = COLUMN_BYTES) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        order = PieceOrder(vocabulary)
        self.count = len(order.ids)
        self.column_bytes, self.columns = column_bytes, KEY_BYTES // column_bytes
        place = 256 ** np.arange(column_bytes - 1, -1, -1, dtype=np.int64)
        # Blocks of about the square root: as many blocks as there are keys in one.
        self.block = math.isqrt(self.count) + 1
        blocks = ceil_div(self.count, self.block)
        key = np.full((blocks * self.block, self.columns), 1 << (8 * column_bytes), np.int64)
        key[: self.count] = order.data.reshape(-1, self.columns, column_bytes) @ place
        self.register_buffer("key", torch.from_numpy(key), persistent=False)
        pivot = torch.from_numpy(key[:: self.block].copy())
        self.register_buffer("pivot", pivot, persistent=False)
        self.register_buffer("place", torch.from_numpy(place), persistent=False)
        # Signs of columns weighted so that the first that differs decides.
        above = torch.zeros(1, self.columns, dtype=torch.int64)
        above[..., -1] = 1
        self.register_buffer("above", above, persistent=False)
        weight = 2 ** torch.arange(self.columns - 1, -1, -1)
        self.register_buffer("weight", weight, persistent=False)
        size, alone = _sizes(vocabulary)
        self.register_buffer("size", torch.from_numpy(size), persistent=False)
        self.register_buffer("alone", torch.from_numpy(alone), persistent=False)

    def forward(self, text: Tensor, pieces: Pieces) -> Typed:
        """text: uint8[1, n] and the pieces of it."""
        data = text.reshape(-1).long()
        ids = pieces.ids.reshape(-1)
        # [CLS] ends at byte 0, so a text without words is finished.
        first, start, end = pieces.first[-1:], pieces.start[-1:], pieces.end[-1:]
        # A maximum and no slice: its length is 1 whatever torch.export knows of the text's.
        position_of_end = torch.arange(1, data.shape[0] + 1).amax(0, keepdim=True)
        last_piece = torch.arange(ids.shape[0])
        last = last_piece[-1:]
        unfinished = (end == position_of_end).long() * (1 - self.alone.gather(0, ids[-1:]).long())
        finished = 1 - unfinished
        # The row of the word's beginning, and the first row that is looked at.
        begin = unfinished * (first - 1) + finished * last
        unknown = unfinished * (ids[-1:] == UNK).long()
        stop = unknown * begin + (1 - unknown) * last
        wanted = (last_piece >= torch.maximum(begin, last - (ROWS - 1))).long()
        # Gathered, though it changes nothing: ExecuTorch cannot return a view of nonzero's answer.
        found = (wanted * (last_piece <= stop).long()).nonzero().reshape(-1)
        bound(found.shape[0], 1, ROWS)
        rows = last_piece.gather(0, found)
        # Bytes of the text before each row's piece ends, counted from the word's beginning.
        used = self.size.gather(0, ids).long().cumsum(0)
        from_begin = used.gather(0, rows) - used.gather(0, begin)
        origin = unfinished * (start + from_begin) + finished * position_of_end
        low, high = self._ranges(data, origin, (rows > begin).long())
        return Typed(rows, low, high, position_of_end - origin)

    def _ranges(self, data: Tensor, origin: Tensor, inner: Tensor) -> tuple[Tensor, Tensor]:
        """Ranks of the pieces that begin with the bytes from `origin` int64[R] on."""
        padded = torch.cat([data, torch.zeros(LONGEST, dtype=torch.int64)])
        offsets = origin.unsqueeze(1) + torch.arange(LONGEST)
        # After much more than a piece's bytes there is nothing to compare; stay inside.
        typed = padded.gather(0, offsets.reshape(-1)).reshape(-1, LONGEST)
        low = torch.cat([inner.unsqueeze(1), typed], dim=1)
        free = (low[:, 1:] == 0).long()
        high = torch.cat([inner.unsqueeze(1), typed + free * _HIGHEST_BYTE], dim=1)
        both = torch.cat([low, high]).reshape(-1, self.columns, self.column_bytes)
        # The piece that is just what was typed leads to the next row and does not count here: the
        # lower end is one above its key.
        # A cumsum, because ExecuTorch's sum of integers goes through float32.
        query = (both * self.place).cumsum(-1)[:, :, -1] + self.above
        rank = self._count_below(query)
        row = torch.arange(origin.shape[0])
        below, above = rank.gather(0, row), rank.gather(0, row + origin.shape[0])
        # More was typed than any piece has: no piece is possible.
        fits = (data.shape[0] - origin <= LONGEST).long()
        return below, below + (above - below) * fits

    def _count_below(self, query: Tensor) -> Tensor:
        """int64[Q, columns] -> int64[Q], how many keys come before it."""
        before = self._before(self.pivot.unsqueeze(0), query)
        block = (before.sum(1) - 1).clamp(min=0)
        index = block.unsqueeze(1) * self.block + torch.arange(self.block)
        keys = self.key.index_select(0, index.reshape(-1)).reshape(-1, self.block, self.columns)
        return block * self.block + self._before(keys, query).sum(1)

    def _before(self, keys: Tensor, query: Tensor) -> Tensor:
        """int64[Q or 1, N, columns] against int64[Q, columns] -> int64[Q, N], 1 where smaller."""
        signs = torch.sign(keys - query.unsqueeze(1))
        return ((signs * self.weight).sum(-1) < 0).long()


def _sizes(vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """uint8[V]: a piece's bytes (0 for special ones); uint8[V]: 1 where it is a word by itself and
    can never grow, as a comma."""
    isolated = rules(vocabulary.reading).texts(ISOLATED)
    size = np.zeros(len(vocabulary), np.uint8)
    alone = np.zeros(len(vocabulary), np.uint8)
    for index, piece in enumerate(vocabulary.pieces[len(SPECIAL_PIECES) :], len(SPECIAL_PIECES)):
        inner = piece.startswith(CONTINUATION) and len(piece) > len(CONTINUATION)
        text = piece.removeprefix(CONTINUATION) if inner else piece
        size[index] = len(text.encode("utf-8"))
        alone[index] = not inner and text in isolated
    return size, alone
