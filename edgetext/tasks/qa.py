"""qa: the answer to a question, as a piece of a passage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.registry import register
from edgetext.tasks.pair import PairTask
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.squad_scores import exact_match, f1
from edgetext.tasks.task import BatchLike, Labels, Names, Numbers
from edgetext.tasks.windows import Window, windows
from edgetext.tasks.words import word_bounds

if TYPE_CHECKING:
    from torch import Tensor, nn

    from edgetext.models import Network
    from edgetext.recipe import TrainingConfig
    from edgetext.text.vocabulary import Encoding, Vocabulary

ANSWER = "answer"
# Label of the span that says which bytes of a passage a window is.
PART = "part"


@register("task", "qa")
class Qa(PairTask):
    """No labels. `text` is the question and `text_b` the passage; scores "answer" float[B, T, 2];
    targets "start" and "end": the passage words where the answer begins and ends, counted from 1,
    both 0 where there is none.

    A passage of more than `max_bytes` is read in windows that share half of that, and the best
    answer of all is given.
    """

    name = "qa"
    head = "qa"
    outputs = ("answer", "score", "no_answer", "truncated")
    monitor = ("f1", "exact_match")
    needs_words = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        if not any(example.references for example in examples):
            raise EdgetextError("the training split has no answers; give data with some")
        return {"intent": [], "tags": []}

    def encode(self, example: Example, vocabulary: Vocabulary, max_bytes: int) -> Encoding:
        """The pieces of both; `first` marks the passage's words alone."""
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
        """The mean cross-entropy of where the answer begins and where it ends, among the words."""
        from torch.nn.functional import cross_entropy

        from edgetext.models.decoders.qa import by_word

        opens, closes = by_word(scores["answer"], batch.first).unbind(-1)
        begin, end = batch.targets["start"], batch.targets["end"]
        return (cross_entropy(opens, begin) + cross_entropy(closes, end)) / 2

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        from edgetext.models.decoders.qa import by_word
        from edgetext.tasks.losses import soft_label_loss

        own = by_word(scores["answer"], batches[0].first).unbind(-1)
        other = by_word(wanted["answer"], batches[1].first).unbind(-1)
        begin, end = (soft_label_loss(*x, temperature) for x in zip(own, other, strict=True))
        return (begin + end) / 2

    def second_stage(self, network: Network, labels: Labels, vocabulary: Vocabulary) -> Any:
        from edgetext.models.decoders.qa import AnswerPairWords

        return AnswerPairWords(network, self.decoder(labels))

    def decoder(self, labels: Labels) -> nn.Module:
        from edgetext.models.decoders.qa import AnswerDecoder

        return AnswerDecoder()

    def shown(
        self, examples: Sequence[Example], max_bytes: int, *, training: bool
    ) -> Sequence[Example]:
        """Windows of passages that are too long.

        In training each has the answer that is whole inside it, or none, and those that cut the
        answer are left out; else a span says which part of the passage it is.
        """
        found: list[Example] = []
        for example in examples:
            raw = str(example.text_b).encode("utf-8")
            if len(raw) <= max_bytes:
                found.append(example)
                continue
            for window in _windows(raw, max_bytes):
                text = raw[window.start : window.end].decode("utf-8", "replace")
                spans: tuple[Span, ...] = (Span(PART, window.start, window.end),)
                if training:
                    inside = [s for s in example.spans if _overlap(s, window)]
                    if any(s.start < window.start or s.end > window.end for s in inside):
                        continue
                    spans = tuple(
                        Span(s.label, s.start - window.start, s.end - window.start) for s in inside
                    )
                found.append(replace(example, text_b=text, spans=spans))
        return found

    def answer(self, ask: Callable[..., Prediction], *texts: bytes, max_bytes: int) -> Prediction:
        question, passage = texts
        if len(passage) <= max_bytes:
            return ask(question, passage)
        parts = [
            (window.start, ask(question, passage[window.start : window.end]))
            for window in _windows(passage, max_bytes)
        ]
        return _best(parts)

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        answer, score, none, truncated = (output.reshape(-1) for output in outputs)
        start, end = answer.tolist()
        return Prediction(
            spans=(Span(ANSWER, start, end),) if end > start else (),
            score=float(score[0]),
            no_answer=float(none[0]),
            truncated=bool(truncated[0]),
        )

    def finds_nothing(self, answer: Prediction) -> bool:
        """Tell whether there is no span, or whether none is likelier than the best one."""
        return not answer.spans or (answer.no_answer or 0.0) > answer.score

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """ "exact_match" and "f1", see tasks.squad_scores.

        Where some question has no answer, none is given where no_answer is larger than the score;
        where all have one, the best span always is, as SQuAD 1.1 is scored.
        """
        may_refuse = not all(example.references for example in examples)
        pairs = [
            (_text(example, answer, may_refuse), example.references)
            for example, answer in _whole(examples, found)
        ]
        count = max(1, len(pairs))
        return {
            "exact_match": sum(exact_match(*pair) for pair in pairs) / count,
            "f1": sum(f1(*pair) for pair in pairs) / count,
        }

    def decisions(self, example: Example, answer: Prediction) -> Iterator[tuple[str, str, str]]:
        text = _text(example, answer, not example.references)
        share = f1(text, example.references)
        exact = exact_match(text, example.references)
        yield "answer", "exact", "exact" if exact else "in part" if share else "wrong"

    def to_row(self, answer: Prediction, names: Names) -> dict[str, Any]:
        return {
            "answer": [[s.start, s.end] for s in answer.spans],
            "score": round(answer.score, 4),
            "no_answer": round(answer.no_answer or 0.0, 4),
            "truncated": answer.truncated,
        }

    def from_row(self, row: Mapping[str, Any], names: Names) -> Prediction:
        return Prediction(
            spans=tuple(Span(ANSWER, int(start), int(end)) for start, end in row["answer"]),
            score=float(row["score"]),
            no_answer=float(row["no_answer"]),
            truncated=bool(row["truncated"]),
        )


def _windows(passage: bytes, max_bytes: int) -> Iterator[Window]:
    return windows(passage, max_bytes, max_bytes // 2)


def _overlap(span: Span, window: Window) -> bool:
    return span.start < window.end and span.end > window.start


def _best(parts: Sequence[tuple[int, Prediction]]) -> Prediction:
    """The surest of the answers of a passage's windows, each with where its window begins."""
    at, best = max(parts, key=lambda part: part[1].score)
    spans = tuple(Span(s.label, s.start + at, s.end + at) for s in best.spans)
    none = min(answer.no_answer or 0.0 for _, answer in parts)
    return replace(best, spans=spans, no_answer=none)


def _whole(
    examples: Sequence[Example], found: Sequence[Prediction]
) -> Iterator[tuple[Example, Prediction]]:
    """The examples and their answers; of a passage's windows that with the surest answer."""

    def passage(pair: tuple[Example, Prediction]) -> tuple[object, ...]:
        example = pair[0]
        cut = any(span.label == PART for span in example.spans)
        return (example.source, example.text) if cut else (id(example),)

    for _, parts in groupby(zip(examples, found, strict=True), passage):
        group = list(parts)
        example, best = max(group, key=lambda part: part[1].score)
        none = min(answer.no_answer or 0.0 for _, answer in group)
        yield example, replace(best, no_answer=none)


def _text(example: Example, answer: Prediction, may_refuse: bool) -> str:
    """The answer in words; "" where there is none."""
    if may_refuse and (answer.no_answer or 0.0) > answer.score:
        return ""
    raw = str(example.text_b).encode("utf-8")
    return b"".join(raw[s.start : s.end] for s in answer.spans).decode("utf-8", "replace")
