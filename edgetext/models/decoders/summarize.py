"""A model that scores the sentences of a text: its network, its two stages and its decoding.

Each sentence begins with a [CLS] of its own among the pieces (as in BERTSum, Liu & Lapata 2019,
§3.1), so the pieces alone tell the network where its sentences are.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.export import Dim
from torch.nn.functional import pad

from edgetext.models.decoders.decoder import Decoder
from edgetext.models.network import Network
from edgetext.models.pipeline import AnswerText, CutText
from edgetext.text.graph import TextGraph
from edgetext.text.lengths import bound
from edgetext.text.sentences import MAX_SENTENCES, SentenceStarts
from edgetext.text.vocabulary import CLS, Vocabulary


class SentenceNetwork(Network):
    """See Network; the head sees the ids too, whose [CLS] part the sentences."""

    def forward(
        self, ids: Tensor, mask: Tensor | None = None, *, hidden: bool = False
    ) -> dict[str, Tensor]:
        states = self.encoder(self.embedding(ids), mask)
        scores: dict[str, Tensor] = self.head(states, mask, ids)
        return {**scores, "hidden": states} if hidden else scores


class ReadSentences(nn.Module):
    """Bytes -> what the network takes.

    text uint8[1, n], n >= 1 -> ids int64[1, T], [CLS] at each sentence; first int64[S], the places
    of those [CLS]; start, end int64[S], each sentence's bytes without the spaces around it; and
    truncated int32[1]. A text without words is one sentence, 0 to 0. `for_executorch` needs
    n <= max_bytes + 1.
    """

    def __init__(
        self, vocabulary: Vocabulary, max_bytes: int, *, for_executorch: bool = False
    ) -> None:
        super().__init__()
        self.cut = CutText.of(vocabulary, max_bytes, for_executorch=for_executorch)
        self.pieces = TextGraph(vocabulary, widen=not for_executorch)
        self.starts = SentenceStarts()

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        kept, truncated = self.cut(text)
        ids, first, start, end = self.pieces(kept)
        begins = self.starts(kept.reshape(-1), start, end)
        # [CLS] or [PAD] before each piece; [PAD], which is 0, is left out again.
        marks = torch.zeros_like(ids).scatter_add(0, first, begins * CLS)
        marked = torch.stack([marks, ids], dim=1).reshape(-1)
        place = marked.nonzero().reshape(-1)
        bound(place.shape[0], 1, 2 * ids.shape[0])
        ids = marked.gather(0, place)

        word = begins.nonzero().reshape(-1)
        torch._check(word.shape[0] <= MAX_SENTENCES - 1)
        # A mark stands before its sentence's first piece, which earlier marks have moved.
        first = pad(first.gather(0, word) + torch.arange(word.shape[0]), (1, 0))
        # The first sentence begins with the first word, or at byte 0 where there is none.
        none = torch.zeros(1, dtype=torch.int64)
        start = torch.cat([torch.cat([start[1:], none])[:1], start.gather(0, word)])
        end = torch.cat([end.gather(0, word - 1), end[-1:]])
        return ids.unsqueeze(0), first, start, end, truncated


class AnswerSentences(AnswerText):
    """ids int64[1, T]; first, start, end int64[S] -> scores float32[1, S], ranges int32[S, 2]."""

    takes = 4

    def forward(  # type: ignore[override]
        self, ids: Tensor, first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, ...]:
        head: Any = self.network.head
        states = self.network.encoder(self.network.embedding(ids), None)
        scores = head.at(states, None, first.unsqueeze(0), None)
        outputs: tuple[Tensor, ...] = self.decoder({"sentences": scores}, first, start, end)
        return outputs

    @staticmethod
    def shapes(max_bytes: int) -> tuple[dict[int, Dim], ...]:
        """The dynamic dimensions of what it takes."""
        pieces = Dim("pieces", min=1, max=max_bytes + MAX_SENTENCES)
        sentences = Dim("sentences", min=1, max=MAX_SENTENCES)
        return {1: pieces}, *({0: sentences},) * 3


class SentenceDecoder(Decoder):
    """{"sentences": float[1, S']}, S' >= S -> scores float32[1, S]: how likely each sentence is the
    best, together 1; and ranges int32[S, 2], its start and end byte.

    first, start, end int64[S]: see ReadSentences.
    """

    rows, count = (1,), 2

    def forward(
        self, scores: dict[str, Tensor], first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, Tensor]:
        own = scores["sentences"][:, : start.shape[0]]
        return torch.softmax(own, dim=-1), torch.stack([start, end], dim=1).to(torch.int32)
