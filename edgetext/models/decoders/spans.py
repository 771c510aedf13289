"""From tag scores to spans: boundaries first, then one label by the votes of all words inside."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, pad

from edgetext.models.decoders.turns import Turns
from edgetext.text.lengths import bound

# What a word can be.
KINDS = 3
OUTSIDE, INSIDE, BEGIN = range(KINDS)
# What [CLS] is: a span by itself, which neither goes on nor is gone on with. Its difference from
# what any word can be before or after it is never 0; as a row of a table it is the fourth kind.
ALONE = -1
FOURTH = 3
# Added to a probability before its logarithm.
SMALLEST = 1e-6


class SpanDecoder(nn.Module):
    """BIO scores at [CLS] and the words of one text -> [CLS] and its spans.

    Taking each word's best tag gives spans that change their label half-way ("B-artist I-album").
    Here a word's boundary is the likeliest of O, I, B, each summed over labels; a span is a B, or
    an I after O, with the I words that follow; its label has the highest product, over the span's
    words, of p(B-label) + p(I-label). On SNIPS this is worth 3 points of span F1 over the best tag.

    [CLS] comes first in both, so that no operator meets a text without words or without spans:
    ONNX Runtime up to 1.31.1 gives ArgMax over no rows the shape of its input.

    The tags are in the order of a checkpoint's labels: O, B-a, I-a, B-b, I-b, ...
    Buffers: `kinds` float[K, 3] adds a word's K = 1 + 2 L probabilities up to those of O, I and B,
    and `pairs` float[K, L] to those of labels;
    `nothing` float[1, L] stands before the votes; `mark`, `alone` and `alone_of_four` int64[1] are
    the row of [CLS] and its kind; `edges` uint8[16, 2]: of 4 times what the word before is and what
    a word is, whether a span ended before the word, and one begins.
    """

    kinds: Tensor
    pairs: Tensor
    nothing: Tensor
    mark: Tensor
    alone: Tensor
    alone_of_four: Tensor
    edges: Tensor

    def __init__(self, tags: int) -> None:
        super().__init__()
        kinds = torch.zeros(tags, KINDS)
        kinds[0, OUTSIDE] = 1
        kinds[1::2, BEGIN] = 1
        kinds[2::2, INSIDE] = 1
        pairs = torch.zeros(tags, tags // 2)
        pairs[1::2] = pairs[2::2] = torch.eye(tags // 2)
        self.register_buffer("kinds", kinds, persistent=False)
        self.register_buffer("pairs", pairs, persistent=False)
        self.register_buffer("nothing", torch.zeros(1, tags // 2), persistent=False)
        self.register_buffer("mark", torch.tensor([0]), persistent=False)
        self.register_buffer("alone", torch.tensor([ALONE]), persistent=False)
        self.register_buffer("alone_of_four", torch.tensor([FOURTH]), persistent=False)
        self.register_buffer("edges", _edges(), persistent=False)
        self.turns = Turns()

    def forward(self, scores: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """scores float[1 + W, K] -> each span's first and last word, and its slot label (0 is that
        of tags 1 and 2), int64[1 + S] each. Row 0 is [CLS], a span that is none."""
        kind, until = self._votes(scores)
        kind = kind.scatter(0, self.mark, self.alone)
        # Outside words stand before and after the text.
        before, here = pad(kind, (1, 0), value=OUTSIDE), pad(kind, (0, 1), value=OUTSIDE)
        # Not zero where a word does not go on with what the one before it is.
        edge = here - before.clamp(max=INSIDE)
        opening = (here * edge).nonzero().reshape(-1)
        after = (before * edge).nonzero().reshape(-1)
        torch._check(opening.shape[0] == after.shape[0])
        bound(opening.shape[0], 1, scores.shape[0])
        votes = until.index_select(0, after) - until.index_select(0, opening)
        return opening, after - 1, votes.argmax(dim=-1)

    def paired(self, scores: Tensor, marks: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """The same as pairs int64[1 + S, 2], a span's first word and the one behind its last, and
        labels int64[1 + S, 1]: fewer operators where the bytes of words are pairs too.

        marks: int64[B], the rows of [CLS] where there are several texts, each behind its own.
        """
        if marks is None:
            kind, until = self._votes(scores)
            kind = kind.scatter(0, self.mark, self.alone_of_four)
        else:
            kind, until = self._votes_of_several(scores)
            kind = kind.scatter(0, marks, torch.full_like(marks, FOURTH))
        code = pad(kind, (1, 0), value=OUTSIDE) * 4 + pad(kind, (0, 1), value=OUTSIDE)
        places = self.turns(self.edges.index_select(0, code)).reshape(-1, 2)
        before, after = embedding(places, until).split(1, dim=1)
        return places, (after - before).argmax(dim=-1)

    def _votes_of_several(self, scores: Tensor) -> tuple[Tensor, Tensor]:
        """The same as `_votes` of the words of several texts, the sums in double precision: so a
        text's votes are what they are without those before it. Of many words two are sooner added
        by a product than by slices."""
        found = torch.softmax(scores, dim=-1)
        kind = torch.matmul(found, self.kinds).argmax(dim=-1)
        labels = torch.log(torch.matmul(found, self.pairs) + SMALLEST)
        return kind, torch.cat([self.nothing, labels]).double().cumsum(dim=0)

    def _votes(self, scores: Tensor) -> tuple[Tensor, Tensor]:
        """What each word is, int64[1 + W], and the running sums float[2 + W, L] of their votes: a
        span's are the difference of two."""
        found = torch.softmax(scores, dim=-1)
        kind = torch.matmul(found, self.kinds).argmax(dim=-1)
        labels = torch.log(self._of_labels(found) + SMALLEST)
        return kind, torch.cat([self.nothing, labels]).cumsum(dim=0)

    def _of_labels(self, tags: Tensor) -> Tensor:
        """Add the probabilities of each label's two tags: float[1 + W, K] -> float[1 + W, L]."""
        return tags[:, 1::2] + tags[:, 2::2]


def _edges() -> Tensor:
    """uint8[16, 2]: see SpanDecoder."""
    table = torch.zeros(4, 4, 2, dtype=torch.uint8)
    for before in (OUTSIDE, INSIDE, BEGIN, FOURTH):
        for here in (OUTSIDE, INSIDE, BEGIN, FOURTH):
            goes_on = here == INSIDE and before in (INSIDE, BEGIN)
            table[before, here, 0] = before != OUTSIDE and not goes_on
            table[before, here, 1] = here != OUTSIDE and not goes_on
    return table.reshape(16, 2)
