"""An imported tokenizer as a tensor program: UTF-8 bytes -> pieces with their special tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor, nn

from edgetext.text.imported.cutters import cutter_of
from edgetext.text.imported.template import Mark

if TYPE_CHECKING:
    from edgetext.text.imported.tokenizer import ImportedTokenizer


class ImportedPieces(NamedTuple):
    """A text as an imported network reads it; what begins with text.graph.Pieces.

    ids: int64[T], special tokens among them; first: int64[1 + W], index in ids of each word's first
    piece; start, end: int64[1 + W], byte offsets of each word, end exclusive. Row 0 is the special
    token before the text, or the first piece where there is none: bytes 0 to 0.
    piece_start, piece_end: int64[T], byte offsets of each piece, as Encoding has them; truncated:
    int32[1], 1 where pieces were left out.
    """

    ids: Tensor
    first: Tensor
    start: Tensor
    end: Tensor
    piece_start: Tensor
    piece_end: Tensor
    truncated: Tensor


class ImportedGraph(nn.Module):
    """uint8[1, n] -> ImportedPieces. widen: see text.narrow.NarrowTables; max_bytes: see
    text.tokenization.Tokenization."""

    def __init__(
        self, tokenizer: ImportedTokenizer, *, widen: bool = True, max_bytes: int | None = None
    ) -> None:
        super().__init__()
        layout = tokenizer.template.single
        room = tokenizer.max_length - layout.added
        self.cutter = cutter_of(tokenizer, widen=widen)
        fits = max_bytes is not None and max_bytes * self.cutter.pieces_a_byte <= room
        self.room = None if fits else room
        before, after = layout.marks
        self.register_buffer("before", ids_of(before), persistent=False)
        self.register_buffer("after", ids_of(after), persistent=False)

    before: Tensor
    after: Tensor

    def forward(self, text: Tensor) -> ImportedPieces:
        cut, truncated = self.cutter(text, self.room)
        ids, word, start, end = cut
        # The mark of the cutter's row 0 has the place of the last token before the text.
        lead = self.before.shape[0]
        last = torch.cat([word[1:], torch.full((1,), ids.shape[0])]) - 1
        before = torch.zeros(lead, dtype=torch.int64)
        after = end[-1:].expand(self.after.shape[0])
        offsets = [torch.cat([before, place[1:], after]) for place in (start, end)]
        return ImportedPieces(
            ids=torch.cat([self.before, ids[1:], self.after]),
            first=torch.cat([word[:1], word[1:] + (lead - 1)]),
            start=start.gather(0, word),
            end=end.gather(0, last),
            piece_start=offsets[0],
            piece_end=offsets[1],
            truncated=truncated,
        )


def ids_of(marks: tuple[Mark, ...]) -> Tensor:
    return torch.tensor([mark.id for mark in marks], dtype=torch.int64)
