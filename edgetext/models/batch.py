"""Several texts in one run: their bytes as one stream, their pieces end to end.

What reads bytes treats all positions alike, so it reads all texts at once (text.packed), and so do
most layers (layers.segments). No answer depends on the other texts of a batch: a running sum over
all of them is of double precision, and layers whose inputs are rounded by one range over a tensor
have no place here, which a target sees to.
"""

from __future__ import annotations

from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding

from edgetext.models.decoders.decoder import Decoder
from edgetext.models.layers.added_rows import sums_of_texts
from edgetext.models.layers.segments import HIDDEN, Rows, Segments
from edgetext.models.network import HashedNetwork, Network
from edgetext.text.graph import TextGraph
from edgetext.text.hashed.graph import BEGIN_AT, END_AT, HashedGraph
from edgetext.text.lengths import bound, tell
from edgetext.text.marks import CLS_BYTE
from edgetext.text.vocabulary import CLS

# An end for torch.export, which no text reaches.
MOST_PIECES = 1 << 24


class Words(NamedTuple):
    """The words of several texts, a row for [CLS] before those of each.

    place: int64[R], where each word's first piece is: its number among all pieces when they are
    read, its place in Segments when they are answered; text: int64[R], whose it is; mark: int64[B],
    the rows of [CLS]; start, end: int64[R], bytes of its text."""

    place: Tensor
    text: Tensor
    mark: Tensor
    start: Tensor
    end: Tensor

    @classmethod
    def of(cls, is_mark: Tensor, place: Tensor, start: Tensor, end: Tensor, begin: Tensor) -> Words:
        """is_mark: int64[R], 1 at [CLS]. start, end: bytes from the first text's begin on, at which
        the others begin at int64[B]."""
        text = is_mark.cumsum(0) - 1
        at = begin.gather(0, text)
        return cls(place, text, is_mark.nonzero().reshape(-1), start - at, end - at)


class Read(NamedTuple):
    """What was read of several texts.

    pieces: ids int64[N], or what HashedPieces has; is_first: int64[N], 1 at each text's first
    piece; truncated: int32[B]."""

    pieces: tuple[Tensor, ...]
    is_first: Tensor
    words: Words
    truncated: Tensor


class ReadPieces(nn.Module):
    """text uint8[n], offsets int64[B + 1] -> Read, by a TextGraph."""

    def __init__(self, pieces: TextGraph, max_bytes: int) -> None:
        super().__init__()
        self.pack = pieces.packing(max_bytes)
        self.pieces = pieces

    def forward(self, text: Tensor, offsets: Tensor) -> Read:
        data, begin, truncated = self.pack(text, offsets)
        ids, first, start, end = self.pieces.read_several(data)
        is_mark = (ids.gather(0, first) == CLS).long()
        words = Words.of(is_mark, first, start, end, begin)
        return Read((ids,), (ids == CLS).long(), words, truncated)


class ReadHashed(nn.Module):
    """text uint8[n], offsets int64[B + 1] -> Read, by a HashedGraph."""

    def __init__(self, pieces: HashedGraph, max_bytes: int) -> None:
        super().__init__()
        self.pack = pieces.packing(max_bytes)
        self.pieces = pieces

    def forward(self, text: Tensor, offsets: Tensor) -> Read:
        data, begin, truncated = self.pack(text, offsets)
        pieces = self.pieces.read_several(data)
        # Where words are folded, the last are their places in the texts that were given.
        start, end = pieces[-1].reshape(2, -1).unbind(0)
        start, end = start + BEGIN_AT, end + END_AT
        is_mark = (data.gather(0, start + self.pack.before) == CLS_BYTE).long()
        words = Words.of(is_mark, torch.arange(start.shape[0]), start, end, begin)
        return Read(pieces[:2], is_mark, words, truncated)


class Pieces(NamedTuple):
    """The pieces of several texts, one after another and then with places between them.

    place: int64[N], where each is; piece: int64[P], which is where, any between two texts;
    segments: of the places."""

    place: Tensor
    piece: Tensor
    segments: Segments

    @classmethod
    def of(cls, is_first: Tensor, texts: int, gap: int) -> Pieces:
        """is_first: int64[N], 1 at each text's first piece. gap: places behind each text."""
        size = is_first.shape[0]
        text = is_first.cumsum(0) - 1
        number = torch.arange(size)
        place = number + text * gap
        none = torch.zeros(size + texts * gap, dtype=torch.int64)
        piece = none.scatter(0, place, number)
        inside = none.scatter(0, place, torch.ones_like(place)).unsqueeze(0) > 0
        first = is_first.nonzero().reshape(-1)
        tell(first.shape[0] == texts)
        count = torch.cat([first[1:], torch.full((1,), size)]) - first
        begin = place.gather(0, first)
        between = (begin + count).unsqueeze(1) + torch.arange(gap).unsqueeze(0)
        rows = _rows(begin, count)
        owner = text.gather(0, piece)
        position = piece - first.gather(0, owner)
        segments = Segments(
            inside=inside,
            between=between.reshape(-1),
            text=owner,
            position=position,
            rows=rows,
            row=owner * rows.mask.shape[1] + position,
        )
        return cls(place, piece, segments)


def _rows(begin: Tensor, count: Tensor) -> Rows:
    """begin, count: int64[B], where the pieces of texts begin, and how many there are."""
    longest: Any = count.amax(0).item()
    bound(longest, 1, MOST_PIECES)
    column = torch.arange(longest).unsqueeze(0)
    mask = column < count.unsqueeze(1)
    place = begin.unsqueeze(1) + torch.where(mask, column, 0)
    return Rows(place, mask, (1.0 - mask.to(torch.float32)) * HIDDEN)


class AnswerSeveral(nn.Module):
    """Read -> what the decoder makes of the network's scores of all texts."""

    def __init__(self, network: Network, decoder: Decoder) -> None:
        super().__init__()
        self.network = network
        self.decoder = decoder
        parts: tuple[Any, ...] = (network.encoder, network.head)
        self.gap = max(part.reach for part in parts)

    def forward(self, read: Read) -> tuple[Tensor, ...]:
        pieces = Pieces.of(read.is_first, read.truncated.shape[0], self.gap)
        network, segments = self.network, pieces.segments
        if isinstance(network, HashedNetwork):
            lengths, (numbers, edges) = network.lexicon.lengths, read.pieces
            paired = network.paired(numbers, edges, read.is_first)
            sums = sums_of_texts(network.embedding, lengths, numbers, edges, paired)
            vectors = embedding(pieces.piece, sums.squeeze(0)).unsqueeze(0)
        else:
            vectors = network.vectors(read.pieces[0].gather(0, pieces.piece).unsqueeze(0))
        scores = network.head(network.encoder(vectors, segments), segments)
        place = pieces.place.gather(0, read.words.place)
        words, decoder = read.words._replace(place=place), cast(Any, self.decoder)
        outputs: tuple[Tensor, ...] = decoder.of_batch(scores, words)
        return outputs


class BatchPipeline(nn.Module):
    """text uint8[n], offsets int64[B + 1] -> the outputs of a task for B texts, truncated int32[B]
    last."""

    def __init__(self, pieces: Any, max_bytes: int, network: Network, decoder: Decoder) -> None:
        """pieces: a new TextGraph or HashedGraph."""
        super().__init__()
        read = ReadHashed if isinstance(pieces, HashedGraph) else ReadPieces
        self.read = read(pieces, max_bytes)
        self.answer = AnswerSeveral(network, decoder)

    def forward(self, text: Tensor, offsets: Tensor) -> tuple[Tensor, ...]:
        read = self.read(text, offsets)
        return *self.answer(read), read.truncated
