"""classify: one label a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np

from edgetext.data.example import Example
from edgetext.data.no_label import OUT_OF_SCOPE
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.answers.labels import (
    IN_SCOPE,
    SCOPE,
    SCORES,
    LabelAnswer,
    LabelTask,
    read_intent,
)
from edgetext.tasks.labeled_texts import LabeledTexts
from edgetext.tasks.metrics import Score, accuracy, label_scores


@register("task", "classify")
class Classify(LabelTask):
    """Answers the likeliest label."""

    name = "classify"
    head = "classify"
    several_labels = "multi_label"
    described: ClassVar[Mapping[str, str]] = {"scores": SCORES}
    monitor = ("accuracy",)
    fallback = ("macro_f1",)
    unstored: ClassVar[tuple[str, ...]] = ("macro_f1",)

    def describe(self, names: Names) -> dict[str, str]:
        """Describe `in_scope` too, which only some models have."""
        return {**super().describe(names), IN_SCOPE: SCOPE}

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> LabelAnswer:
        scores, *scope, truncated = outputs
        return read_intent(scores, names["intent"], truncated, scope)

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        if example.intent is not None:
            yield "intent", "intent", example.intent

    def class_scores(
        self, examples: Sequence[Example], answers: Sequence[LabelAnswer]
    ) -> dict[str, Score]:
        return intent_scores(examples, answers)

    def measure(
        self, examples: Sequence[Example], answers: Sequence[LabelAnswer]
    ) -> dict[str, float]:
        return intent_metrics(examples, answers)

    def labeled_texts(self, examples: Sequence[Example]) -> dict[str, LabeledTexts]:
        return texts_of_intents(examples)


def texts_of_intents(examples: Sequence[Example]) -> dict[str, LabeledTexts]:
    """Give the texts with their intents, which "accuracy" compares."""
    labels = [frozenset((str(e.intent),)) for e in examples]
    return {"accuracy": LabeledTexts([e.text for e in examples], labels, accuracy)}


def intent_scores(examples: Sequence[Example], answers: Sequence[LabelAnswer]) -> dict[str, Score]:
    """Score each intent of the examples."""
    return label_scores([str(e.intent) for e in examples], [str(a.intent) for a in answers])


def intent_metrics(examples: Sequence[Example], answers: Sequence[LabelAnswer]) -> dict[str, float]:
    """Measure "accuracy"; where the gold has an intent of OUT_OF_SCOPE also "in_scope_accuracy",
    over the other texts, and "out_of_scope_recall"."""
    gold = [str(e.intent) for e in examples]
    predicted = [str(a.intent) for a in answers]
    metrics = {"accuracy": accuracy(gold, predicted)}
    pairs = list(zip(gold, predicted, strict=True))
    outside = [g == p for g, p in pairs if g in OUT_OF_SCOPE]
    if outside:
        inside = [g == p for g, p in pairs if g not in OUT_OF_SCOPE]
        metrics["in_scope_accuracy"] = sum(inside) / max(1, len(inside))
        metrics["out_of_scope_recall"] = sum(outside) / len(outside)
    return metrics
