"""qa: the answer to a question, as a piece of a passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.decoders.qa import AnswerDecoder, AnswerPairWords, by_word
from edgetext.models.network import Network
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.answers.qa import ANSWER, PART, Qa, passage_windows
from edgetext.tasks.explained import words_of_goal
from edgetext.tasks.explaining import Goal
from edgetext.tasks.learners.losses import soft_label_loss
from edgetext.tasks.learners.pair import PairLearner
from edgetext.tasks.learning import BatchLike, Labels, Numbers, cut
from edgetext.tasks.windows import Window
from edgetext.tasks.words import word_bounds
from edgetext.text.encoding import Encoding
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext.text.imported.truncation import ONLY_SECOND
from edgetext.text.tokenization import Tokenization


@register("learner", "qa")
class QaLearner(PairLearner):
    """No labels. Scores "answer" float[B, T, 2]; targets "start" and "end": the passage words where
    the answer begins and ends, counted from 1, both 0 where there is none."""

    task = Qa()
    in_windows = True
    by_gradients = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        if not any(example.references for example in examples):
            raise EdgetextError("the training split has no answers; give data with some")
        return {"intent": [], "tags": []}

    def shown(
        self, examples: Sequence[Example], max_bytes: int, *, training: bool
    ) -> Sequence[Example]:
        """Cut passages that are too long into windows.

        In training each has the answer that is whole inside it, or none, and those that cut the
        answer are left out; else a span says which part of the passage it is.
        """
        shown: list[Example] = []
        for example in examples:
            raw = str(example.text_b).encode("utf-8")
            if len(raw) <= max_bytes:
                shown.append(example)
                continue
            for window in passage_windows(raw, max_bytes):
                text = raw[window.start : window.end].decode("utf-8", "replace")
                spans: tuple[Span, ...] = (Span(PART, window.start, window.end),)
                if training:
                    inside = [s for s in example.spans if _overlap(s, window)]
                    if any(s.start < window.start or s.end > window.end for s in inside):
                        continue
                    spans = tuple(
                        Span(s.label, s.start - window.start, s.end - window.start) for s in inside
                    )
                shown.append(replace(example, text_b=text, spans=spans))
        return shown

    def encode(self, example: Example, vocabulary: Tokenization, max_bytes: int) -> Encoding:
        """Encode the pieces of both; `first` marks the passage's words alone.

        Of an imported tokenizer the passage loses what is too much; EdgetextError for a question
        that leaves it no room.
        """
        if isinstance(vocabulary, ImportedTokenizer):
            return _joined(example, vocabulary, max_bytes)
        encoding = super().encode(example, vocabulary, max_bytes)
        passage = len(encoding.ids) - int(np.argmax(encoding.ids[::-1] == encoding.ids[0])) - 1
        return replace(encoding, first=encoding.first & (np.arange(len(encoding.ids)) > passage))

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        start, end = word_bounds(encoding)
        for span in example.spans:
            inside = np.flatnonzero((start < span.end) & (end > span.start))
            if span.label == ANSWER and len(inside):
                return {"start": int(inside[0]) + 1, "end": int(inside[-1]) + 1}
        return {"start": 0, "end": 0}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        """Compute the mean cross-entropy of where the answer begins and where it ends, among the
        words."""
        opens, closes = by_word(scores["answer"], batch.first).unbind(-1)
        begin, end = batch.targets["start"], batch.targets["end"]
        return (cross_entropy(opens, begin) + cross_entropy(closes, end)) / 2

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        own = by_word(scores["answer"], batches[0].first).unbind(-1)
        other = by_word(teacher["answer"], batches[1].first).unbind(-1)
        begin, end = (soft_label_loss(*x, temperature) for x in zip(own, other, strict=True))
        return (begin + end) / 2

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        """Give the logarithm of the probability that the answer begins and ends where it does."""
        first, last = words_of_goal(goal, encoding)
        passage = torch.from_numpy(encoding.first).expand(len(scores["answer"]), -1)
        chances = by_word(scores["answer"], passage).log_softmax(dim=1)
        return chances[:, 1 + first, 0] + chances[:, 1 + last, 1]

    def decoder(self, labels: Labels) -> Decoder:
        return AnswerDecoder()

    def second_stage(self, network: Network, labels: Labels, vocabulary: Tokenization) -> Any:
        return AnswerPairWords(network, self.decoder(labels))


def _joined(example: Example, vocabulary: ImportedTokenizer, max_bytes: int) -> Encoding:
    """Encode question and passage in one sequence, as heads of published weights read them."""
    question, passage = (cut(text, max_bytes) for text in example.texts)
    try:
        pair = vocabulary.encode_pair(question, passage, truncation=ONLY_SECOND)
    except EdgetextError as error:
        raise EdgetextError(f"{example.source}: {error}") from error
    return Encoding(pair.ids, pair.first & (pair.text == 1), pair.start, pair.end)


def _overlap(span: Span, window: Window) -> bool:
    return span.start < window.end and span.end > window.start
