"""From tag scores to spans: boundaries first, then one label by the votes of all words inside."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, pad

from edgetext.models.decoders.turns import Turns

# What a word can be.
KINDS = 3
OUTSIDE, INSIDE, BEGIN = range(KINDS)
# What [CLS] is: a span by itself, which neither goes on nor is gone on with.
ALONE = 3
# Added to a probability before its logarithm.
SMALLEST = 1e-6


class WordSpans(NamedTuple):
    """places: int64[1 + S, 2], each span's first word and the one behind its last; label:
    int64[1 + S, 1], its slot label (0 is that of tags 1 and 2). Row 0 is [CLS], a span that is
    none."""

    places: Tensor
    label: Tensor


class SpanDecoder(nn.Module):
    """BIO scores at [CLS] and the words of one text -> [CLS] and its spans.

    Taking each word's best tag gives spans that change their label half-way ("B-artist I-album").
    Here a word's boundary is the likeliest of O, I, B, each summed over labels; a span is a B, or
    an I after O, with the I words that follow; its label has the highest product, over the span's
    words, of p(B-label) + p(I-label). On SNIPS this is worth 3 points of span F1 over the best tag.

    [CLS] comes first in both, so that no operator meets a text without words or without spans:
    ONNX Runtime up to 1.31.1 gives ArgMax over no rows the shape of its input.

    The tags are in the order of a checkpoint's labels: O, B-a, I-a, B-b, I-b, ...
    Buffers: `sums` float[K, 3 + L] adds a word's K = 1 + 2 L probabilities up to those of O, I and
    B, and to each label's, with SMALLEST; `nothing` float[1, L] stands before the votes; `mark` and
    `alone` int64[1] are the row of [CLS] and its kind; `edges` uint8[16, 2]: of 4 times what the
    word before is and what a word is, whether a span ended before the word, and one begins.
    """

    sums: Tensor
    nothing: Tensor
    mark: Tensor
    alone: Tensor
    edges: Tensor

    def __init__(self, tags: int) -> None:
        super().__init__()
        self.labels = tags // 2
        sums = torch.zeros(tags, KINDS + self.labels)
        sums[0, OUTSIDE] = 1
        sums[1::2, BEGIN] = 1
        sums[2::2, INSIDE] = 1
        # A word's probabilities add up to 1, and so this adds SMALLEST to each label's.
        sums[:, KINDS:] = SMALLEST
        sums[1::2, KINDS:] += torch.eye(self.labels)
        sums[2::2, KINDS:] += torch.eye(self.labels)
        self.register_buffer("sums", sums, persistent=False)
        self.register_buffer("nothing", torch.zeros(1, self.labels), persistent=False)
        self.register_buffer("mark", torch.tensor([0]), persistent=False)
        self.register_buffer("alone", torch.tensor([ALONE]), persistent=False)
        self.register_buffer("edges", _edges(), persistent=False)
        self.turns = Turns()

    def forward(self, scores: Tensor) -> WordSpans:
        """scores float[1 + W, K]."""
        found = torch.matmul(torch.softmax(scores, dim=-1), self.sums)
        boundary, likely = found.split([KINDS, self.labels], dim=-1)
        kind = boundary.argmax(dim=-1).scatter(0, self.mark, self.alone)
        # Outside words stand before and after the text.
        code = pad(kind, (1, 0), value=OUTSIDE) * 4 + pad(kind, (0, 1), value=OUTSIDE)
        places = self.turns(self.edges.index_select(0, code))
        # A span's votes are the difference of two running sums.
        until = torch.cat([self.nothing, torch.log(likely)]).cumsum(dim=0)
        before, after = embedding(places, until).split(1, dim=1)
        return WordSpans(places, (after - before).argmax(dim=-1))


def _edges() -> Tensor:
    """uint8[16, 2]: see SpanDecoder."""
    table = torch.zeros(4, 4, 2, dtype=torch.uint8)
    for before in (OUTSIDE, INSIDE, BEGIN, ALONE):
        for here in (OUTSIDE, INSIDE, BEGIN, ALONE):
            goes_on = here == INSIDE and before in (INSIDE, BEGIN)
            table[before, here, 0] = before != OUTSIDE and not goes_on
            table[before, here, 1] = here != OUTSIDE and not goes_on
    return table.reshape(16, 2)
