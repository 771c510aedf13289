"""From bytes to the artifact's outputs: the text graph, the network and the decoding as modules.

Two stages, because ExecuTorch runs them as two methods: a network whose length it knows when it
starts keeps XNNPACK's kernels. One after the other they are the whole model.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.export import Dim

from edgetext.models.decoders.decoder import Decoder
from edgetext.models.network import Network
from edgetext.text.ahead import SPACE
from edgetext.text.graph import TextGraph
from edgetext.text.vocabulary import Vocabulary


class CutText(nn.Module):
    """uint8[1, n] -> uint8[1, m] without what lies beyond `max_bytes`, and truncated int32[1].

    The cut may leave the first bytes of a character: bad UTF-8, of which no piece is made.

    bounded: the caller promises n <= max_bytes + 1, and m is n: a byte too many becomes a space, so
    that no length depends on another (ExecuTorch plans its memory by them).
    """

    def __init__(self, max_bytes: int, *, bounded: bool = False) -> None:
        super().__init__()
        self.max_bytes = max_bytes
        self.bounded = bounded

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor]:
        if not self.bounded:
            over = torch.full((1,), text.shape[1]) > self.max_bytes
            return text[:, : self.max_bytes], over.to(torch.int32)
        position = torch.arange(text.shape[1])
        kept = torch.where(position < self.max_bytes, text, SPACE).to(torch.uint8)
        return kept, (position[-1:] >= self.max_bytes).to(torch.int32)


class ReadText(nn.Module):
    """Bytes -> what the network takes.

    text uint8[1, n], n >= 1 -> ids int64[1, T], first, start, end int64[1 + W] (see
    text.graph.Pieces) and truncated int32[1]. `for_executorch` needs n <= max_bytes + 1.
    """

    def __init__(
        self, vocabulary: Vocabulary, max_bytes: int, *, for_executorch: bool = False
    ) -> None:
        super().__init__()
        self.cut = CutText(max_bytes, bounded=for_executorch)
        self.pieces = TextGraph(vocabulary, widen=not for_executorch)

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        kept, truncated = self.cut(text)
        ids, first, start, end = self.pieces(kept)
        return ids.unsqueeze(0), first, start, end, truncated


class AnswerText(nn.Module):
    """ids int64[1, T] -> what the decoder makes of the network's scores.

    takes: how many of the first stage's outputs it takes.
    """

    takes = 1

    def __init__(self, network: Network, decoder: Decoder) -> None:
        super().__init__()
        self.network = network
        self.decoder = decoder

    def forward(self, ids: Tensor) -> tuple[Tensor, ...]:
        outputs: tuple[Tensor, ...] = self.decoder(self.network(ids))
        return outputs

    @staticmethod
    def shapes(max_bytes: int) -> tuple[dict[int, Dim], ...]:
        """The dynamic dimensions of what it takes."""
        return ({1: Dim("pieces", min=1, max=max_bytes + 1)},)


class AnswerWords(AnswerText):
    """ids int64[1, T]; first, start, end int64[1 + W] -> what the decoder makes of them."""

    takes = 4

    def forward(  # type: ignore[override]
        self, ids: Tensor, first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, ...]:
        outputs: tuple[Tensor, ...] = self.decoder(self.network(ids), first, start, end)
        return outputs

    @staticmethod
    def shapes(max_bytes: int) -> tuple[dict[int, Dim], ...]:
        return *AnswerText.shapes(max_bytes), *({0: word_rows(max_bytes)},) * 3


def word_rows(max_bytes: int) -> Dim:
    """Bound the rows of words that a text has, [CLS] first.

    One more than can be, so that in what a program says of itself no bound of words is one of
    pieces.
    """
    return Dim("words", min=1, max=max_bytes + 2)


class Pipeline(nn.Module):
    """The whole model: text uint8[1, n] -> the outputs of its task, truncated int32[1] last.

    Rows get a leading 1, as spans int32[1, S, 3].
    """

    def __init__(self, read: nn.Module, answer: Any) -> None:
        super().__init__()
        self.read = read
        self.answer = answer

    def forward(self, text: Tensor) -> tuple[Tensor, ...]:
        return self.answered(self.read(text))

    def answered(self, read: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The outputs for what the first stage gave."""
        *inputs, truncated = read
        outputs = self.answer(*inputs[: self.answer.takes])
        rows = self.answer.decoder.rows
        return *(x.unsqueeze(0) if i in rows else x for i, x in enumerate(outputs)), truncated
