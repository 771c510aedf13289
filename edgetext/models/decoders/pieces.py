"""From a tag's scores at each piece to spans, as the pipeline of transformers aggregates them.

simple: each piece by itself; neighbours of one label are one span. first, maximum, average: the
pieces of a word first agree on a tag, that of its first piece, of its surest one, or of the mean of
their probabilities. A span's score is the mean of its words'.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from edgetext.configs.pretrained import Aggregation
from edgetext.data.tag_labels import read_labels
from edgetext.models.decoders.decoder import Decoder
from edgetext.text.lengths import bound


class PieceTagDecoder(Decoder):
    """{"tags": float[1, T, K]} -> span_scores float32[1, S], spans int32[S, 3].

    start, end int64[R]: bytes of each piece that is read, behind a row of the text's first special
    piece, so that nothing here is empty; R <= T. inside int64[R]: 1 at pieces that go on with a
    word.
    """

    rows = (0, 1)
    count = 2
    slot: Tensor
    begins: Tensor
    ends: Tensor
    zero: Tensor

    def __init__(self, tags: Sequence[str], aggregation: Aggregation) -> None:
        super().__init__()
        labels = read_labels(tags)
        self.aggregation = aggregation
        self.closes = any(labels.ends)
        for name, row in (
            # Behind the labels' numbers the one of no label at all, the special piece's.
            ("slot", [x + 1 for x in labels.slot]),
            ("begins", [int(x) for x in labels.begins]),
            ("ends", [int(x) for x in labels.ends]),
            ("zero", [0]),
        ):
            self.register_buffer(name, torch.tensor(row), persistent=False)

    def forward(
        self, scores: dict[str, Tensor], start: Tensor, end: Tensor, inside: Tensor
    ) -> tuple[Tensor, Tensor]:
        rows = start.shape[0]
        chance = torch.softmax(scores["tags"].squeeze(0)[:rows], dim=-1)
        if self.aggregation != "simple":
            chance, start, end = self._words(chance, start, end, inside)
        best = chance.argmax(dim=-1)
        score = chance.amax(dim=-1)
        slot = self.slot.gather(0, best).scatter(0, self.zero, -1)
        return self._spans(score, slot, best, start, end)

    def _words(
        self, chance: Tensor, start: Tensor, end: Tensor, inside: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Give each word's probabilities float[W, K] and bytes, the special piece a word."""
        # The special piece, and what follows it, begin a word whatever they are.
        begins = 1 - inside * (torch.arange(inside.shape[0]) > 1).to(torch.int64)
        first = begins.nonzero().reshape(-1)
        bound(first.shape[0], 1, start.shape[0])
        after = torch.cat([first[1:], torch.full((1,), start.shape[0])])
        if self.aggregation == "first":
            chosen = chance.index_select(0, first)
        elif self.aggregation == "average":
            chosen = means(chance, first, after)
        else:
            word = begins.cumsum(0) - 1
            same = word.unsqueeze(0) == torch.arange(first.shape[0]).unsqueeze(1)
            sure = torch.where(same, chance.amax(dim=-1).unsqueeze(0), -1.0)
            chosen = chance.index_select(0, sure.argmax(dim=-1))
        return chosen, start.gather(0, first), end.gather(0, after - 1)

    def _spans(
        self, score: Tensor, slot: Tensor, best: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, Tensor]:
        words = score.shape[0]
        edge = slot[1:] != slot[:-1]
        edge = edge | (self.begins.gather(0, best[1:]) > 0)
        if self.closes:
            edge = edge | (self.ends.gather(0, best[:-1]) > 0)
        opening = torch.cat([torch.ones_like(slot[:1]), edge.long()]).nonzero().reshape(-1)
        bound(opening.shape[0], 1, words)
        after = torch.cat([opening[1:], torch.full((1,), words)])
        label = slot.gather(0, opening)
        # Outside is 0; the special piece is kept, so that there is a row.
        kept = label.nonzero().reshape(-1)
        bound(kept.shape[0], 1, words)
        opening, after = opening.gather(0, kept), after.gather(0, kept)
        columns = [label.gather(0, kept) - 1, start.gather(0, opening), end.gather(0, after - 1)]
        mean = means(score.unsqueeze(1), opening, after).reshape(-1)
        return mean[1:], torch.stack(columns, dim=1).to(torch.int32)[1:]


def means(values: Tensor, first: Tensor, after: Tensor) -> Tensor:
    """Give the means float32[S, K] of rows `first` to `after` of float32[R, K]."""
    # In double precision: a mean is the difference of two sums over the whole text.
    sums = torch.nn.functional.pad(values.to(torch.float64).cumsum(0), (0, 0, 1, 0))
    total = sums.index_select(0, after) - sums.index_select(0, first)
    return (total / (after - first).unsqueeze(1)).to(torch.float32)
