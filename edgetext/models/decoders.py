"""From the scores of one text to the outputs of the artifact contract.

`rows`: which of a decoder's outputs are rows, [S, k] with S known only when it runs. The contract's
leading 1 comes to them later: ExecuTorch cannot plan memory for [1, S, k].
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.models.spans import SpanDecoder

Scores = dict[str, Tensor]


class ClassDecoder(nn.Module):
    """{"intent": float[1, C]} -> scores float32[1, C], probabilities in the order of the labels."""

    rows = ()

    def forward(self, scores: Scores) -> tuple[Tensor]:
        return (torch.softmax(scores["intent"], dim=-1),)


class TagDecoder(nn.Module):
    """{"tags": float[1, T, K]} -> spans int32[S, 3]: slot number, start byte, end byte.

    first, start, end int64[W]: each word's first piece and its bytes.
    """

    rows = (0,)

    def __init__(self, tags: int) -> None:
        super().__init__()
        self.decoder = SpanDecoder(tags)

    def forward(self, scores: Scores, first: Tensor, start: Tensor, end: Tensor) -> tuple[Tensor]:
        words = scores["tags"].squeeze(0).index_select(0, first)
        begins, inside, label = self.decoder(words)
        going_on = torch.nn.functional.pad((inside & ~begins).long(), (0, 1))[1:]
        opening = begins.nonzero().reshape(-1)
        closing = (inside.long() * (1 - going_on)).nonzero().reshape(-1)
        torch._check(opening.shape[0] == closing.shape[0])
        torch._check(opening.shape[0] <= first.shape[0])
        columns = [label.gather(0, opening), start.gather(0, opening), end.gather(0, closing)]
        return (torch.stack(columns, dim=1).to(torch.int32),)


class JointDecoder(nn.Module):
    """The scores of ClassDecoder and the spans of TagDecoder."""

    rows = (1,)

    def __init__(self, tags: int) -> None:
        super().__init__()
        self.intent = ClassDecoder()
        self.spans = TagDecoder(tags)

    def forward(
        self, scores: Scores, first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, Tensor]:
        return *self.intent(scores), *self.spans(scores, first, start, end)
