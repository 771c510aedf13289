"""From tag scores to spans: boundaries first, then one label by the votes of all words inside."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from edgetext.text.lengths import bound

# What a word can be.
KINDS = 3
OUTSIDE, INSIDE, BEGIN = range(KINDS)
# What [CLS] is: a span by itself, which neither goes on nor is gone on with. Its difference from
# what any word can be before or after it is never 0.
ALONE = -1
# Added to a probability before its logarithm.
SMALLEST = 1e-6


class WordSpans(NamedTuple):
    """opening, closing: int64[1 + S], each span's first and last word; label: int64[1 + S], its
    slot label (0 is that of tags 1 and 2). Row 0 is [CLS], a span that is none."""

    opening: Tensor
    closing: Tensor
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
    Buffers: `kinds` float[K, 3] sums a word's K = 1 + 2 L probabilities into those of O, I and B;
    `nothing` float[1, L] stands before the votes; `mark` and `alone` int64[1] are the row of [CLS]
    and its kind.
    """

    kinds: Tensor
    nothing: Tensor
    mark: Tensor
    alone: Tensor

    def __init__(self, tags: int) -> None:
        super().__init__()
        kinds = torch.zeros(tags, KINDS)
        kinds[0, OUTSIDE] = 1
        kinds[1::2, BEGIN] = 1
        kinds[2::2, INSIDE] = 1
        self.register_buffer("kinds", kinds, persistent=False)
        self.register_buffer("nothing", torch.zeros(1, tags // 2), persistent=False)
        self.register_buffer("mark", torch.tensor([0]), persistent=False)
        self.register_buffer("alone", torch.tensor([ALONE]), persistent=False)

    def forward(self, scores: Tensor) -> WordSpans:
        """scores float[1 + W, K]."""
        found = torch.softmax(scores, dim=-1)
        kind = torch.matmul(found, self.kinds).argmax(dim=-1)
        labels = torch.log(found[:, 1::2] + found[:, 2::2] + SMALLEST)
        kind = kind.scatter(0, self.mark, self.alone)
        # Outside words stand before and after the text.
        before, here = pad(kind, (1, 0), value=OUTSIDE), pad(kind, (0, 1), value=OUTSIDE)
        # Not zero where a word does not go on with what the one before it is.
        edge = here - before.clamp(max=INSIDE)
        opening = (here * edge).nonzero().reshape(-1)
        after = (before * edge).nonzero().reshape(-1)
        torch._check(opening.shape[0] == after.shape[0])
        bound(opening.shape[0], 1, scores.shape[0])
        # A span's votes are the difference of two running sums.
        until = torch.cat([self.nothing, labels]).cumsum(dim=0)
        votes = until.index_select(0, after) - until.index_select(0, opening)
        return WordSpans(opening, after - 1, votes.argmax(dim=-1))
