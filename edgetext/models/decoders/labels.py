"""From the scores of one text to the outputs of the artifact contract.

`count`: a decoder's outputs. `rows`: which of them are rows, [S, k] with S known only when it runs.
The contract's leading 1 comes to them later: ExecuTorch cannot plan memory for [1, S, k].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from edgetext.data.parts import entries_of_part
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.decoders.spans import SpanDecoder
from edgetext.text.hashed.graph import BEGIN_AT, END_AT
from edgetext.text.lengths import bound

Scores = dict[str, Tensor]


class ClassDecoder(Decoder):
    """{"intent": float[1, C]} -> scores float32[1, C], probabilities in the order of the labels.

    temperature: what their scores are divided by; raised: what is then added to each, float[C];
    beside: the score of one more label, behind the others. outside: the number of the label of
    texts about nothing that the others say; with it a second output, in_scope int32[1], is 1 where
    another label is the likeliest and 0 where this is.
    """

    raised: Tensor | None
    beside: Tensor | None

    def __init__(
        self,
        temperature: float = 1.0,
        raised: Sequence[float] | None = None,
        beside: float | None = None,
        outside: int | None = None,
    ) -> None:
        super().__init__()
        self.temperature = temperature
        self.outside = outside
        self.count = 1 if outside is None else 2
        added = None if raised is None else torch.tensor([raised])
        self.register_buffer("raised", added, persistent=False)
        behind = None if beside is None else torch.tensor([[beside]])
        self.register_buffer("beside", behind, persistent=False)

    def forward(self, scores: Scores) -> tuple[Tensor, ...]:
        each = scores["intent"]
        if self.temperature != 1:
            each = each * (1 / self.temperature)
        if self.raised is not None:
            each = each + self.raised
        if self.beside is not None:
            each = torch.cat([each, self.beside.expand(each.shape[0], 1)], dim=1)
        probabilities = torch.softmax(each, dim=-1)
        if self.outside is None:
            return (probabilities,)
        # Of the probabilities, so that it says what whoever reads them would.
        in_scope = probabilities.argmax(dim=-1) != self.outside
        return probabilities, in_scope.to(torch.int32)

    def of_batch(self, scores: Scores, words: Any) -> tuple[Tensor, ...]:
        outputs: tuple[Tensor, ...] = self(scores)
        return outputs


class LabelsDecoder(Decoder):
    """{"intent": float[1, C]} -> scores float32[1, C], each label's by itself."""

    def forward(self, scores: Scores) -> tuple[Tensor]:
        return (torch.sigmoid(scores["intent"]),)

    def of_batch(self, scores: Scores, words: Any) -> tuple[Tensor]:
        return self(scores)


class TagDecoder(Decoder):
    """{"tags": float[1, T, K]} -> spans int32[S, 3]: slot number, start byte, end byte.

    first, start, end int64[1 + W]: [CLS] and each word's first piece, and its bytes.
    """

    rows = (0,)
    closing: Tensor
    bytes_at: Tensor

    def __init__(self, tags: int) -> None:
        super().__init__()
        self.decoder = SpanDecoder(tags)
        self.register_buffer("closing", torch.tensor([[0, 1]]), persistent=False)
        bytes_at = torch.tensor([[BEGIN_AT], [END_AT]])
        self.register_buffer("bytes_at", bytes_at, persistent=False)

    def forward(self, scores: Scores, first: Tensor, start: Tensor, end: Tensor) -> tuple[Tensor]:
        tags = scores["tags"].squeeze(0).index_select(0, first)
        opening, closing, label = self.decoder(tags)
        columns = [label, start.gather(0, opening), end.gather(0, closing)]
        # Without [CLS].
        return (torch.stack(columns, dim=1).to(torch.int32)[1:],)

    def of_words(self, scores: Scores, edges: Tensor) -> tuple[Tensor]:
        """The same where each piece is a word; edges int64[2, 1 + W]: see
        text.hashed.graph.HashedPieces."""
        places, label = self.decoder.paired(scores["tags"].squeeze(0))
        # From the begin of the first word to the end of the last one.
        columns = [label, (edges + self.bytes_at).t().gather(0, places - self.closing)]
        return (torch.cat(columns, dim=1).to(torch.int32)[1:],)

    def of_batch(self, scores: Scores, words: Any) -> tuple[Tensor]:
        """The spans of several texts, int32[S, 4]: text, slot, start byte, end byte."""
        tags = scores["tags"].squeeze(0).index_select(0, words.place)
        places, label = self.decoder.paired(tags, words.mark)
        opening, closing = (places - self.closing).unbind(1)
        # Without [CLS], each of which is a span by itself.
        is_word = torch.ones_like(words.text).scatter(0, words.mark, 0)
        kept = is_word.gather(0, opening).nonzero().reshape(-1)
        bound(kept.shape[0], 0, opening.shape[0])
        opening, closing = opening.gather(0, kept), closing.gather(0, kept)
        columns = [
            words.text.gather(0, opening),
            label.reshape(-1).gather(0, kept),
            words.start.gather(0, opening),
            words.end.gather(0, closing),
        ]
        return (torch.stack(columns, dim=1).to(torch.int32),)


class MultiDecoder(Decoder):
    """{"part.name": scores} -> the outputs of each part's decoder, one part after the other.

    decoders: part -> (its decoder, whether that takes words).
    """

    def __init__(self, decoders: Mapping[str, tuple[Decoder, bool]]) -> None:
        super().__init__()
        self.decoders = nn.ModuleDict({name: decoder for name, (decoder, _) in decoders.items()})
        self.words = {name: words for name, (_, words) in decoders.items()}
        rows: list[int] = []
        at = 0
        for decoder, _ in decoders.values():
            rows += [at + row for row in decoder.rows]
            at += decoder.count
        self.rows, self.count = tuple(rows), at

    def forward(
        self, scores: Scores, first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, ...]:
        outputs: list[Tensor] = []
        for name, decoder in self.decoders.items():
            own = entries_of_part(name, scores)
            outputs += decoder(own, first, start, end) if self.words[name] else decoder(own)
        return tuple(outputs)

    def of_words(self, scores: Scores, edges: Tensor) -> tuple[Tensor, ...]:
        """The same where each piece is a word; edges int64[2, 1 + W]: see
        text.hashed.graph.HashedPieces."""
        outputs: list[Tensor] = []
        for name, decoder in self.decoders.items():
            of_words: Any = decoder.of_words if self.words[name] else None
            own = entries_of_part(name, scores)
            outputs += decoder(own) if of_words is None else of_words(own, edges)
        return tuple(outputs)


class JointDecoder(Decoder):
    """The outputs of ClassDecoder and the spans of TagDecoder."""

    def __init__(self, tags: int, intent: ClassDecoder | None = None) -> None:
        super().__init__()
        self.intent = intent or ClassDecoder()
        self.spans = TagDecoder(tags)
        self.rows, self.count = (self.intent.count,), self.intent.count + 1

    def forward(
        self, scores: Scores, first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, ...]:
        return *self.intent(scores), *self.spans(scores, first, start, end)

    def of_words(self, scores: Scores, edges: Tensor) -> tuple[Tensor, ...]:
        """The same where each piece is a word; edges int64[2, 1 + W]: see
        text.hashed.graph.HashedPieces."""
        return *self.intent(scores), *self.spans.of_words(scores, edges)

    def of_batch(self, scores: Scores, words: Any) -> tuple[Tensor, ...]:
        """The same of several texts."""
        return *self.intent(scores), *self.spans.of_batch(scores, words)
