"""qa: the answer to a question, as a piece of a passage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, ClassVar

import numpy as np

from edgetext.data.example import Example, Span
from edgetext.data.text_range import decoded
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.explaining import Asked, Goal, likeness, no_labels, range_goal
from edgetext.tasks.prediction import PLACE, Prediction
from edgetext.tasks.squad_scores import exact_match, f1
from edgetext.tasks.task import Task
from edgetext.tasks.windows import Window, windows

ANSWER = "answer"
# Label of the span that says which bytes of a passage a window is.
PART = "part"


@dataclass(slots=True)
class SpanAnswer(Prediction):
    """spans: the answer as a piece of the passage, none where the passage is empty. score: its
    probability; no_answer: the probability that there is none."""

    spans: tuple[Span, ...] = ()
    score: float = 1.0
    no_answer: float = 0.0
    truncated: bool = False

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        answer: dict[str, Any] = {"answer": ""}
        for span in self.spans:
            place = span.place(text)
            answer = {"answer": place.pop("text"), **place}
        return {**answer, "score": round(self.score, 4), "no_answer": round(self.no_answer, 4)}

    def line_parts(self, text: bytes, top: int) -> list[str]:
        spans = [
            f"{span.label}={decoded(text[span.start : span.end])!r}[{span.start}:{span.end}]"
            for span in self.spans
        ]
        return [*spans, f"{self.score:.3f} (no answer {self.no_answer:.3f})"]


@register("task", "qa")
class Qa(Task[SpanAnswer]):
    """`text` is the question and `text_b` the passage.

    A passage of more than `max_bytes` is read in windows that share half of that, and the best
    answer of all is given.
    """

    name = "qa"
    head = "qa"
    inputs = ("text", "text_b")
    described: ClassVar[Mapping[str, str]] = {
        "answer": "`answer` int32[1, 2]: start and end byte (exclusive) of the answer in `text_b`",
        "score": "`score` float32[1]: the probability of that answer",
        "no_answer": "`no_answer` float32[1]: the probability that there is none",
    }
    needs_words = True
    reads_pieces = False
    asks_once = False
    monitor = ("f1", "exact_match")

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> SpanAnswer:
        answer, score, none, truncated = (output.reshape(-1) for output in outputs)
        start, end = answer.tolist()
        return SpanAnswer(
            spans=(Span(ANSWER, start, end, text),) if end > start else (),
            score=float(score[0]),
            no_answer=float(none[0]),
            truncated=bool(truncated[0]),
        )

    def goal(self, answer: SpanAnswer, names: Names, asked: Asked) -> Goal:
        no_labels(asked, self.name)
        return range_goal(answer.spans, asked, [ANSWER], "answer")

    def worth(self, answer: SpanAnswer, goal: Goal) -> float:
        return likeness(goal, ((span.start, span.end, answer.score) for span in answer.spans))

    def answer(self, ask: Callable[..., SpanAnswer], *texts: bytes, max_bytes: int) -> SpanAnswer:
        question, passage = texts
        if len(passage) <= max_bytes:
            return ask(question, passage)
        parts = [
            (window.start, ask(question, passage[window.start : window.end]))
            for window in passage_windows(passage, max_bytes)
        ]
        return _best(parts, passage)

    def finds_nothing(self, answer: SpanAnswer) -> bool:
        """Tell whether there is no span, or whether none is likelier than the best one."""
        return not answer.spans or answer.no_answer > answer.score

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        place = {name: kind for name, kind in PLACE.items() if name != "text"}
        return {"answer": str, **place, "score": float, "no_answer": float}

    def to_row(self, answer: SpanAnswer, names: Names) -> dict[str, Any]:
        return {
            "answer": [[s.start, s.end] for s in answer.spans],
            "score": round(answer.score, 4),
            "no_answer": round(answer.no_answer, 4),
            "truncated": answer.truncated,
        }

    def from_row(self, row: Mapping[str, Any], names: Names) -> SpanAnswer:
        return SpanAnswer(
            spans=tuple(Span(ANSWER, int(start), int(end)) for start, end in row["answer"]),
            score=float(row["score"]),
            no_answer=float(row["no_answer"]),
            truncated=bool(row["truncated"]),
        )

    def measure(
        self, examples: Sequence[Example], answers: Sequence[SpanAnswer]
    ) -> dict[str, float]:
        """Measure "exact_match" and "f1", see tasks.squad_scores.

        Where some question has no answer, none is given where no_answer is larger than the score;
        where all have one, the best span always is, as SQuAD 1.1 is scored.
        """
        may_refuse = not all(example.references for example in examples)
        pairs = [
            (_text(example, answer, may_refuse), example.references)
            for example, answer in _whole(examples, answers)
        ]
        count = max(1, len(pairs))
        return {
            "exact_match": sum(exact_match(*pair) for pair in pairs) / count,
            "f1": sum(f1(*pair) for pair in pairs) / count,
        }

    def decisions(self, example: Example, answer: SpanAnswer) -> Iterator[tuple[str, str, str]]:
        text = _text(example, answer, not example.references)
        share = f1(text, example.references)
        exact = exact_match(text, example.references)
        yield "answer", "exact", "exact" if exact else "in part" if share else "wrong"


def passage_windows(passage: bytes, max_bytes: int) -> Iterator[Window]:
    """Cut a passage into windows that a model can read, each sharing half of it with the last."""
    return windows(passage, max_bytes, max_bytes // 2)


def _best(parts: Sequence[tuple[int, SpanAnswer]], passage: bytes) -> SpanAnswer:
    """The surest of the answers of a passage's windows, each with where its window begins."""
    at, best = max(parts, key=lambda part: part[1].score)
    spans = tuple(Span(s.label, s.start + at, s.end + at, passage) for s in best.spans)
    none = min(answer.no_answer for _, answer in parts)
    return replace(best, spans=spans, no_answer=none)


def _whole(
    examples: Sequence[Example], answers: Sequence[SpanAnswer]
) -> Iterator[tuple[Example, SpanAnswer]]:
    """The examples and their answers; of a passage's windows that with the surest answer."""

    def passage(pair: tuple[Example, SpanAnswer]) -> tuple[object, ...]:
        example = pair[0]
        cut = any(span.label == PART for span in example.spans)
        return (example.source, example.text) if cut else (id(example),)

    for _, parts in groupby(zip(examples, answers, strict=True), passage):
        group = list(parts)
        example, best = max(group, key=lambda part: part[1].score)
        none = min(answer.no_answer for _, answer in group)
        yield example, replace(best, no_answer=none)


def _text(example: Example, answer: SpanAnswer, may_refuse: bool) -> str:
    """The answer in words; "" where there is none."""
    if may_refuse and answer.no_answer > answer.score:
        return ""
    raw = str(example.text_b).encode("utf-8")
    return decoded(b"".join(raw[s.start : s.end] for s in answer.spans))
