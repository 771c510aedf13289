"""What tasks share whose answer is a label of the text, labeled pieces of it, or both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from edgetext.data.example import Span
from edgetext.data.no_label import OUT_OF_SCOPE
from edgetext.data.text_range import decoded
from edgetext.tasks.answering import Names
from edgetext.tasks.apart import joined
from edgetext.tasks.columns import Column, Columns, Labels, Objects, placed, rounded, truths
from edgetext.tasks.explaining import LABEL, Asked, Goal, label_goal, likeness, no_spans, range_goal
from edgetext.tasks.prediction import (
    PLACE,
    Prediction,
    best_first,
    scores_as_json,
    types_of_scores,
)
from edgetext.tasks.task import Task

# Labels whose probabilities differ by no more than this part of the greater are a tie, which
# rounding decides: of thousands of labels all may have small ones, and one be the likeliest by far.
TIE = 0.002
SCORES = "`scores` float32[1, {intents}]: probabilities of the labels, in their order"
# Whether a text is about something that the labels say, in files that tell.
IN_SCOPE = "in_scope"
SCOPE = "`in_scope` int32[1]: 0 where the text is about nothing that the labels say, else 1"
# The outputs that are read of many texts at once.
_READ_AT_ONCE = frozenset(("scores", IN_SCOPE, "spans", "truncated"))
SPANS = "`spans` int32[1, S, 3]: rows of slot (index), start byte, end byte (exclusive)"


class LabelScores(Mapping[str, float]):
    """Every label's probability, in the order of the labels.

    A view of a model's output, of which a dictionary is made when somebody looks into it: among
    thousands of labels that costs more than the model.
    """

    __slots__ = ("_each", "_labels", "_scores")

    def __init__(self, labels: Sequence[str], scores: np.ndarray) -> None:
        """scores: floating point[C]; ValueError where there are not as many as labels."""
        if len(labels) != len(scores):
            raise ValueError(f"{len(scores)} scores for {len(labels)} labels")
        self._labels = labels
        self._scores = scores
        self._each: dict[str, float] | None = None

    def __getitem__(self, label: str) -> float:
        return self._dict()[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels)

    def __len__(self) -> int:
        return len(self._labels)

    def __repr__(self) -> str:
        return repr(self._dict())

    def __reduce__(self) -> tuple[type[LabelScores], tuple[Sequence[str], np.ndarray]]:
        return LabelScores, (self._labels, self._scores)

    def _dict(self) -> dict[str, float]:
        if self._each is None:
            self._each = dict(zip(self._labels, self._scores.tolist(), strict=True))
        return self._each


# Not frozen: that would take a microsecond, which is more than all else in making one.
@dataclass(slots=True)
class LabelAnswer(Prediction):
    """intent: the likeliest label of the text, None in a task without one, and score its
    probability; scores: every label's. spans: the labeled pieces of the text, and span_scores the
    probability of each, () of a model that does not say. in_scope: whether the text is about
    something that the labels say, None of a model that does not tell."""

    intent: str | None = None
    score: float = 1.0
    spans: tuple[Span, ...] = ()
    truncated: bool = False
    scores: Mapping[str, float] = field(default_factory=dict, compare=False, repr=False)
    span_scores: tuple[float, ...] = field(default=(), compare=False)
    in_scope: bool | None = None

    def brief(self) -> Self:
        return replace(self, scores={})

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        if self.intent is not None:
            answer = {"intent": self.intent, "score": round(self.score, 4)}
        if self.in_scope is not None:
            answer[IN_SCOPE] = self.in_scope
        spans = [{"label": span.label, **span.place(text)} for span in self.spans]
        for span, score in zip(spans, self.span_scores, strict=False):
            span["score"] = round(score, 4)
        return {**answer, "spans": spans}

    def json_scores(self, top: int) -> dict[str, Any]:
        return scores_as_json(self.scores, top)

    def line_parts(self, text: bytes, top: int) -> list[str]:
        parts = []
        if self.intent is not None:
            parts.append(", ".join(f"{name} {score:.3f}" for name, score in self.best(top)))
        if self.in_scope is False:
            parts.append("(out of scope)")
        for span in self.spans:
            words = decoded(text[span.start : span.end])
            parts.append(f"{span.label}={words!r}[{span.start}:{span.end}]")
        return parts

    def best(self, top: int) -> list[tuple[str, float]]:
        """Give the `top` likeliest labels, the likeliest first, with their probabilities."""
        return best_first(self.scores or {str(self.intent): self.score}, top)

    def fault(self, size: int) -> str:
        if self.in_scope is not None and self.in_scope == (self.intent in OUT_OF_SCOPE):
            return f"an answer whose in_scope is {self.in_scope} of label {self.intent}"
        # Not super(), which a dataclass with slots has no right place for.
        return Prediction.fault(self, size)

    def probabilities(self) -> Iterator[float]:
        yield self.score
        yield from self.scores.values()
        yield from self.span_scores


class LabelTask(Task[LabelAnswer]):
    """A task that answers with a LabelAnswer."""

    def read_many(
        self, outputs: Mapping[str, np.ndarray], names: Names, texts: Sequence[bytes]
    ) -> list[LabelAnswer]:
        """Read all texts at once: of small arrays each call of NumPy costs more than its work."""
        answers = [LabelAnswer(truncated=bool(cut)) for cut in outputs["truncated"].tolist()]
        if "scores" in outputs:
            scores, intents = outputs["scores"], names["intent"]
            each = zip(
                answers, scores, scores.argmax(1).tolist(), scores.max(1).tolist(), strict=True
            )
            for answer, own, best, score in each:
                answer.intent, answer.score = intents[best], score
                answer.scores = LabelScores(intents, own)
        if IN_SCOPE in outputs:
            for answer, inside in zip(answers, outputs[IN_SCOPE].tolist(), strict=True):
                answer.in_scope = bool(inside)
        if "spans" in outputs:
            slots = names["slots"]
            spans: list[list[Span]] = [[] for _ in texts]
            for number, slot, start, end in outputs["spans"].tolist():
                spans[number].append(Span(slots[slot], start, end, texts[number]))
            for answer, own_spans in zip(answers, spans, strict=True):
                answer.spans = tuple(own_spans)
        return answers

    def read_each(
        self, outputs: Sequence[Sequence[np.ndarray]], names: Names, texts: Sequence[bytes]
    ) -> list[LabelAnswer]:
        if not outputs or len(outputs[0]) != len(self.outputs):
            # Of a model that says more than the task asks, as probabilities of spans.
            return super().read_each(outputs, names, texts)
        return self.read_many(joined(self.outputs, outputs), names, texts)

    def has_columns(self, outputs: Sequence[str]) -> bool:
        return _READ_AT_ONCE.issuperset(outputs)

    def columns(
        self, outputs: Mapping[str, np.ndarray], names: Names, texts: Sequence[bytes]
    ) -> Columns:
        columns: dict[str, Column] = {}
        if "scores" in outputs:
            scores = outputs["scores"]
            columns["intent"] = Labels(names["intent"], scores.argmax(1))
            columns["score"] = rounded(scores.max(1))
        if IN_SCOPE in outputs:
            columns[IN_SCOPE] = truths(outputs[IN_SCOPE])
        columns["spans"] = Objects(np.zeros(len(texts), np.int64), {})
        if "spans" in outputs:
            columns["spans"] = placed(names["slots"], outputs["spans"], texts)
        return {**columns, "truncated": truths(outputs["truncated"])}

    def goal(self, answer: LabelAnswer, names: Names, asked: Asked) -> Goal:
        """Choose the label of the text, or one of the spans where `asked` says so or there is no
        other answer."""
        if names["intent"] and asked.span is None:
            return label_goal(str(answer.intent), names["intent"], asked)
        if not names["slots"]:
            no_spans(asked, self.name)
        return range_goal(answer.spans, asked, names["slots"], "span")

    def worth(self, answer: LabelAnswer, goal: Goal) -> float:
        if goal.kind == LABEL:
            return answer.scores[goal.label]
        scores = answer.span_scores or (1.0,) * len(answer.spans)
        spans = zip(answer.spans, scores, strict=True)
        return likeness(goal, ((s.start, s.end, x) for s, x in spans if s.label == goal.label))

    def is_decided(self, answer: LabelAnswer) -> bool:
        best = sorted(answer.scores.values())[-2:]
        return len(best) < 2 or best[1] - best[0] > TIE * best[1]

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        spans = [{"label": str, **PLACE}]
        if not names["intent"]:
            return {"spans": spans}
        fields = {"intent": str, "score": float, IN_SCOPE: bool, "spans": spans}
        return {**fields, **types_of_scores(top)}

    def to_row(self, answer: LabelAnswer, names: Names) -> dict[str, Any]:
        row: dict[str, Any] = {}
        if names["intent"]:
            row["intent"] = names["intent"].index(str(answer.intent))
        scope = {} if answer.in_scope is None else {IN_SCOPE: answer.in_scope}
        return {
            **row,
            "score": round(answer.score, 4),
            **scope,
            "spans": [[names["slots"].index(s.label), s.start, s.end] for s in answer.spans],
            "truncated": answer.truncated,
        }

    def from_row(self, row: Mapping[str, Any], names: Names) -> LabelAnswer:
        return LabelAnswer(
            intent=names["intent"][row["intent"]] if names["intent"] else None,
            score=float(row["score"]),
            spans=tuple(Span(names["slots"][x], int(s), int(e)) for x, s, e in row["spans"]),
            truncated=bool(row["truncated"]),
            in_scope=bool(row[IN_SCOPE]) if IN_SCOPE in row else None,
        )

    def agree(self, expected: LabelAnswer, answer: LabelAnswer) -> bool:
        """Tell whether a golden answer was given again, `in_scope` too where it has it."""
        told = expected.in_scope is None or expected.in_scope == answer.in_scope
        return told and super().agree(expected, answer)


def read_intent(
    scores: np.ndarray, intents: Sequence[str], truncated: np.ndarray, scope: Sequence[np.ndarray]
) -> LabelAnswer:
    """Read probabilities float[..., C] as an answer without spans; scope: `in_scope`, where the
    file has it."""
    each = scores.reshape(-1)
    known = LabelScores(intents, each)
    best = int(each.argmax())
    answer = LabelAnswer(intents[best], each.item(best), (), bool(truncated.item()), known)
    if scope:
        answer.in_scope = bool(scope[0].item())
    return answer


def read_spans(rows: np.ndarray, slots: Sequence[str], text: bytes | None) -> tuple[Span, ...]:
    """Read int32[..., 3] rows of slot number, start and end byte as spans of the text."""
    numbers = rows.reshape(-1, 3).tolist()
    return tuple([Span(slots[x], start, end, text) for x, start, end in numbers])
