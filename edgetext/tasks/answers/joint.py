"""joint: one intent a text, and its slots as spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np

from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.answers.classify import intent_metrics, intent_scores, texts_of_intents
from edgetext.tasks.answers.labels import (
    IN_SCOPE,
    SCOPE,
    SCORES,
    SPANS,
    LabelAnswer,
    LabelTask,
    read_intent,
    read_spans,
)
from edgetext.tasks.labeled_texts import LabeledTexts
from edgetext.tasks.metrics import Score, frame_accuracy, span_scores


@register("task", "joint")
class Joint(LabelTask):
    """Answers the likeliest intent and the slots."""

    name = "joint"
    head = "joint"
    described: ClassVar[Mapping[str, str]] = {"scores": SCORES, "spans": SPANS}
    needs_words = True
    monitor = ("frame_accuracy", "span_f1")
    fallback = ("accuracy", "macro_f1")
    unstored: ClassVar[tuple[str, ...]] = ("macro_f1",)
    includes = ("classify", "tag")

    def describe(self, names: Names) -> dict[str, str]:
        """Describe `in_scope` too, which only some models have."""
        return {**super().describe(names), IN_SCOPE: SCOPE}

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> LabelAnswer:
        scores, *scope, spans, truncated = outputs
        answer = read_intent(scores, names["intent"], truncated, scope)
        answer.spans = read_spans(spans, names["slots"], text)
        return answer

    def finds_nothing(self, answer: LabelAnswer) -> bool:
        """Tell whether there is no slot."""
        return not answer.spans

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        if example.intent is not None:
            yield "intent", "intent", example.intent
        for span in example.spans:
            yield "slots", "slot", span.label

    def class_scores(
        self, examples: Sequence[Example], answers: Sequence[LabelAnswer]
    ) -> dict[str, Score]:
        return intent_scores(examples, answers)

    def measure(
        self, examples: Sequence[Example], answers: Sequence[LabelAnswer]
    ) -> dict[str, float]:
        """Measure what `intent_metrics` gives, "span_f1" and "frame_accuracy"."""
        gold = [e.spans for e in examples]
        predicted = [a.spans for a in answers]
        return {
            **intent_metrics(examples, answers),
            "span_f1": span_scores(gold, predicted)[0].f1,
            "frame_accuracy": frame_accuracy(
                [(str(e.intent), e.spans) for e in examples],
                [(str(a.intent), a.spans) for a in answers],
            ),
        }

    def labeled_texts(self, examples: Sequence[Example]) -> dict[str, LabeledTexts]:
        return texts_of_intents(examples)
