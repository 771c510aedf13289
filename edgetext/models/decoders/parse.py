"""From scores of spans to the nodes of one tree: no loop, and no tree that is not well-formed."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import pad

from edgetext.models.decoders.decoder import Decoder

# The best spans that a tree is made of; the largest tree of TOP has 11.
SPANS = 32
# Passes in which spans that cross give way. An odd number ends in a tree, see `TreeDecoder`.
PASSES = 3
ROOT_SCORE = 1e6
NEVER = -1e9


class TreeDecoder(Decoder):
    """Scores of heads.parse at one text's pieces -> nodes int32[N, 4]: label, start byte, end byte,
    depth; in preorder.

    A span of words is a candidate when its vectors' product is positive. Where two cross, the one
    with the higher score stays: pass k keeps what no kept span of pass k - 1 with a higher score
    crosses. The first pass keeps too few, the second too many, and so on, in turns, as they come
    nearer to the greedy choice; after an odd number no two that are left cross. The root always
    stays. Then each span gets its likeliest chain of labels, as nodes one inside the other.

    Spans are numbered begin * (W + 1) + W - last, words counting from 1: that is preorder.
    Buffers: `chain` int64[C + C', L] holds the labels' numbers in each chain, -1 behind its end;
    those of the roots come last. `step` and `span` int64[1 + SPANS * L] are a row for each place in
    each span's chain, behind one that always stays, so that no operator meets a text without a
    tree.
    """

    rows = (0,)
    chain: Tensor
    length: Tensor
    better: Tensor
    step: Tensor
    span: Tensor

    def __init__(self, nodes: Sequence[str], chains: Sequence[str], roots: Sequence[str]) -> None:
        super().__init__()
        number = {label: i for i, label in enumerate(nodes)}
        rows = [[number[label] for label in chain.split()] for chain in (*chains, *roots)]
        depth = max(map(len, rows))
        self.inner = len(chains)
        table = torch.tensor([row + [-1] * (depth - len(row)) for row in rows])
        self.register_buffer("chain", table, persistent=False)
        length = torch.tensor([len(row) for row in rows])
        self.register_buffer("length", length, persistent=False)
        above = torch.ones(SPANS, SPANS).tril(-1)
        self.register_buffer("better", above, persistent=False)
        # No length is below the first step.
        step = pad(torch.arange(depth).repeat(SPANS), (1, 0), value=-1)
        span = pad(torch.arange(SPANS).repeat_interleave(depth), (1, 0))
        self.register_buffer("step", step, persistent=False)
        self.register_buffer("span", span, persistent=False)

    def forward(
        self, scores: dict[str, Tensor], first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor]:
        """first, start, end int64[1 + W]: each word's first piece and its bytes; word 0 is [CLS],
        which is in no span."""
        words = first.shape[0]
        opens = scores["opens"].squeeze(0).index_select(0, first)
        closes = scores["closes"].squeeze(0).index_select(0, first.flip(0))
        grid = torch.matmul(opens, closes.t())
        word = torch.arange(words)
        begin, before_last = word.unsqueeze(1), word.unsqueeze(0)
        grid = torch.where((begin > 0) & (begin + before_last < words), grid, NEVER)
        grid = torch.where((begin == 1) & (before_last == 0), ROOT_SCORE, grid)
        score, place = torch.topk(pad(grid.reshape(-1), (SPANS, 0), value=NEVER), SPANS)
        number = (place - SPANS).clamp(min=0)
        begin = torch.div(number, words, rounding_mode="trunc")
        last = words - 1 - number + begin * words

        later = begin.unsqueeze(1) < begin.unsqueeze(0)
        touching = begin.unsqueeze(0) <= last.unsqueeze(1)
        beyond = last.unsqueeze(1) < last.unsqueeze(0)
        crossing = (later & touching & beyond).to(grid.dtype)
        weaker = (crossing + crossing.t()) * self.better
        found = (score > 0).to(grid.dtype)
        kept = found
        for _ in range(PASSES):
            kept = found * ((weaker * kept).sum(dim=1) < 0.5).to(grid.dtype)

        key = torch.where(kept > 0, -number.to(grid.dtype), NEVER)
        key, order = torch.topk(key, SPANS)
        begin, last = begin.gather(0, order), last.gather(0, order)

        chain_scores = scores["opens_chain"].squeeze(0).index_select(0, first.gather(0, begin))
        chain_scores = chain_scores + scores["closes_chain"].squeeze(0).index_select(
            0, first.gather(0, last)
        )
        root = scores["root"].argmax(dim=-1) + self.inner
        chain = torch.where(key == -words, root, chain_scores.argmax(dim=-1))
        length = self.length.gather(0, chain) * (key > NEVER).long()
        around = (begin.unsqueeze(0) <= begin.unsqueeze(1)) & (
            last.unsqueeze(0) >= last.unsqueeze(1)
        )
        depth = (around.long() * length.unsqueeze(0)).sum(dim=1) - length

        there = self.step < length.gather(0, self.span)
        row = there.long().nonzero().reshape(-1)
        torch._check(row.shape[0] >= 1)
        span = self.span.gather(0, row)
        columns = [
            pad(self.chain.index_select(0, chain).reshape(-1), (1, 0)).gather(0, row),
            start.gather(0, begin).gather(0, span),
            end.gather(0, last).gather(0, span),
            depth.gather(0, span) + self.step.gather(0, row),
        ]
        # Without the row that always stays.
        return (torch.stack(columns, dim=1).to(torch.int32)[1:],)
