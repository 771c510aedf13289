"""Two texts as one sequence of pieces, as a tensor program."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

from edgetext.text.imported.cutters import cutter_of
from edgetext.text.imported.graph import ids_of
from edgetext.text.imported.pieces import Cut
from edgetext.text.imported.truncation import ONLY_SECOND
from edgetext.text.lengths import bound

if TYPE_CHECKING:
    from edgetext.text.imported.tokenizer import ImportedTokenizer


class ImportedPairPieces(NamedTuple):
    """Two texts as an imported network reads them: see ImportedPieces.

    type_ids: int64[1, T] as ids int64[T] have them; text: int64[T], 0 or 1 for a piece's text, -1
    for a special token. first, start, end: int64[1 + W] are of the second text's words, first an
    index in ids; row 0 is that of the first special token. piece_start, piece_end: each piece's
    bytes in its own text.
    """

    ids: Tensor
    type_ids: Tensor
    text: Tensor
    first: Tensor
    start: Tensor
    end: Tensor
    piece_start: Tensor
    piece_end: Tensor
    truncated: Tensor


class ImportedPairGraph(nn.Module):
    """uint8[1, n], uint8[1, m] -> ImportedPairPieces.

    truncation: LONGEST_FIRST, or ONLY_SECOND, where a first text that fills all the room leaves one
    piece of the second.
    """

    before: Tensor
    between: Tensor
    after: Tensor
    type_ids: Tensor
    texts: Tensor

    def __init__(
        self, tokenizer: ImportedTokenizer, *, widen: bool = True, truncation: str
    ) -> None:
        super().__init__()
        layout = tokenizer.template.pair
        self.room = tokenizer.max_length - layout.added
        self.only_second = truncation == ONLY_SECOND
        self.cutter = cutter_of(tokenizer, widen=widen)
        before, between, after = layout.marks
        self.register_buffer("before", ids_of(before), persistent=False)
        self.register_buffer("between", ids_of(between), persistent=False)
        self.register_buffer("after", ids_of(after), persistent=False)
        # Of each special token and, in the places of the texts, of all their pieces.
        types = [[mark.type_id for mark in marks] for marks in layout.marks]
        kinds = [*types[0], layout.type_ids[0], *types[1], layout.type_ids[1], *types[2]]
        texts = [-1] * len(kinds)
        texts[len(before)], texts[len(before) + 1 + len(between)] = 0, 1
        self.register_buffer("type_ids", torch.tensor(kinds), persistent=False)
        self.register_buffer("texts", torch.tensor(texts), persistent=False)

    def forward(self, text: Tensor, text_b: Tensor) -> ImportedPairPieces:
        (one, _), (other, _) = self.cutter(text), self.cutter(text_b)
        sizes = [torch.full((1,), cut.ids.shape[0]) - 1 for cut in (one, other)]
        kept, kept_b = self._kept(*sizes)
        row = torch.arange(one.ids.shape[0])[1:]
        row_b = torch.arange(other.ids.shape[0])[1:]
        lead, middle = self.before.shape[0], self.between.shape[0]
        marks = [torch.ones_like(part) for part in (self.before, self.between, self.after)]
        rows = [(row <= kept).long(), (row_b <= kept_b).long()]
        # Each row's number among what the template says, and 0 for those that are left out.
        parts = [marks[0], rows[0], marks[1], rows[1], marks[2]]
        place = torch.cat(parts).nonzero().reshape(-1)
        bound(place.shape[0], 1, one.ids.shape[0] + other.ids.shape[0] + lead + middle)
        number = torch.cat(
            [
                torch.arange(lead),
                torch.full_like(row, lead),
                torch.arange(middle) + (lead + 1),
                torch.full_like(row_b, lead + 1 + middle),
                torch.arange(self.after.shape[0]) + (lead + 2 + middle),
            ]
        ).gather(0, place)
        ids = [self.before, one.ids[1:], self.between, other.ids[1:], self.after]
        word = other.word.gather(0, (other.word <= kept_b).nonzero().reshape(-1))
        bound(word.shape[0], 1, other.word.shape[0])
        last = torch.cat([word[1:], kept_b + 1]) - 1
        starts, ends = (self._offsets(one, other, kept, kept_b, end) for end in (False, True))
        return ImportedPairPieces(
            ids=torch.cat(ids).gather(0, place),
            type_ids=self.type_ids.gather(0, number),
            text=self.texts.gather(0, number),
            first=torch.cat([word[:1], word[1:] + (lead + middle - 1) + kept]),
            start=other.start.gather(0, word),
            end=other.end.gather(0, last),
            piece_start=starts.gather(0, place),
            piece_end=ends.gather(0, place),
            truncated=(sizes[0] + sizes[1] > kept + kept_b).to(torch.int32),
        )

    def _kept(self, size: Tensor, size_b: Tensor) -> tuple[Tensor, Tensor]:
        """Pieces of both texts int64[1] -> how many of each are kept int64[1]."""
        room = self.room
        if self.only_second:
            kept = size.clamp(max=room - 1)
            return kept, torch.minimum(size_b, room - kept)
        # Half for each, and what the shorter one leaves. An odd piece is the longer one's, and the
        # second's of equal ones.
        half, odd = room // 2, room % 2
        longer = (size > size_b).long() * odd
        kept = torch.minimum(size, torch.maximum(room - size_b, half + longer))
        return kept, torch.minimum(size_b, torch.maximum(room - size, half + odd - longer))

    def _offsets(self, one: Cut, other: Cut, kept: Tensor, kept_b: Tensor, end: bool) -> Tensor:
        """The offsets of all rows; a special token has those of the end of the text before it."""
        places = [cut.end if end else cut.start for cut in (one, other)]
        closing = one.end.gather(0, kept), other.end.gather(0, kept_b)
        return torch.cat(
            [
                torch.zeros_like(self.before),
                places[0][1:],
                closing[0].expand(self.between.shape[0]),
                places[1][1:],
                closing[1].expand(self.after.shape[0]),
            ]
        )
