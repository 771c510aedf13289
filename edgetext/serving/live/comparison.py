"""Two models' answers to the same text, held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from edgetext.tasks.answering import Names
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import Task

LABEL, SPAN, ANSWER = "label", "span", "answer"
NOTHING = ""

# Kind, what the first model said and what the other, NOTHING where one said nothing there.
Pair = tuple[str, str, str]


@dataclass(slots=True)
class Comparison:
    """same: whether the task takes the answers as the same. label, spans: whether the labels of the
    text and its spans are, None where the answers have none. pairs: what differs."""

    same: bool
    label: bool | None = None
    spans: bool | None = None
    pairs: list[Pair] = field(default_factory=list)


def compare(task: Task[Any], names: Names, one: Prediction, other: Prediction) -> Comparison:
    """Compare two answers by the task's own `same`, and part by part; names: the labels."""
    parts = list(_parts(one, other))
    differing = [pair for pair in parts if pair[1] != pair[2]]
    kinds = {pair[0] for pair in parts}
    if any(labels for kind, labels in names.items() if kind.endswith("slots")):
        kinds.add(SPAN)
    comparison = Comparison(task.same(one, other), pairs=differing)
    if LABEL in kinds:
        comparison.label = all(pair[0] != LABEL for pair in differing)
    if SPAN in kinds:
        comparison.spans = all(pair[0] != SPAN for pair in differing)
    if not comparison.same and not differing:
        # An answer in words or places, which may hold what the text does: it is not written down.
        comparison.pairs.append((ANSWER, "one", "another"))
    return comparison


def labels_of(answer: Prediction) -> list[str]:
    """Give the labels in an answer: the text's, or those of its spans; NOTHING where there is
    none."""
    parts = getattr(answer, "parts", None)
    if parts is not None:
        return [f"{name}.{label}" for name, part in parts.items() for label in labels_of(part)]
    several = getattr(answer, "labels", None)
    if several is not None:
        return list(several) or [NOTHING]
    if answer.intent is not None:
        return [answer.intent]
    return [span.label for span in answer.spans] or [NOTHING]


def _parts(one: Prediction, other: Prediction) -> Iterator[Pair]:
    """Yield (kind, the first answer's part, the other's) of all that either has."""
    mine, theirs = getattr(one, "parts", None), getattr(other, "parts", None)
    if mine is not None and theirs is not None:
        for name, part in mine.items():
            for kind, a, b in _parts(part, theirs[name]):
                yield kind, a and f"{name}.{a}", b and f"{name}.{b}"
        return
    ours, others = getattr(one, "labels", None), getattr(other, "labels", None)
    if ours is not None and others is not None:
        if not ours and not others:
            yield LABEL, NOTHING, NOTHING
        for label in sorted({*ours, *others}):
            yield (
                LABEL,
                label if label in ours else NOTHING,
                label if label in others else NOTHING,
            )
    if one.intent is not None or other.intent is not None:
        yield LABEL, one.intent or NOTHING, other.intent or NOTHING
    spans = [{(span.start, span.end): span.label for span in x.spans} for x in (one, other)]
    for place in sorted(spans[0].keys() | spans[1].keys()):
        yield SPAN, spans[0].get(place, NOTHING), spans[1].get(place, NOTHING)
