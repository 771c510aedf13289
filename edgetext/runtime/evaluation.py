"""Measuring models from bytes: what an artifact answers, how fast, and whether two agree."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from edgetext.data.example import Example
from edgetext.errors import EdgetextError
from edgetext.runtime.contract import Metadata
from edgetext.runtime.predictor import Predictor
from edgetext.tasks.prediction import Prediction

WARM_UP = 20


@dataclass(slots=True)
class Measured:
    """A model's answers to the examples, in their order, and the milliseconds of each."""

    predictor: Predictor
    answers: list[Prediction] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def metrics(self, examples: Sequence[Example]) -> dict[str, float]:
        return self.predictor.task.measure(examples, self.answers)

    def percentile(self, share: float) -> float:
        """Milliseconds from bytes to answer; `share` 0 to 100."""
        return float(np.percentile(self.milliseconds, share))


def evaluate(
    predictors: Sequence[Predictor],
    examples: Sequence[Example],
    advance: Callable[[], None] = lambda: None,
) -> list[Measured]:
    """Every model on every text, the models taking turns so that noise falls on all alike."""
    for predictor in predictors:
        check_labels(predictor, examples)
    texts = [example.text.encode("utf-8") for example in examples]
    measured = [Measured(predictor) for predictor in predictors]
    for text in texts[:WARM_UP]:
        for predictor in predictors:
            predictor.predict(text)
    for text in texts:
        for model in measured:
            start = time.perf_counter_ns()
            answer = model.predictor.predict(text)
            model.milliseconds.append((time.perf_counter_ns() - start) / 1e6)
            model.answers.append(answer)
        advance()
    return measured


def disagreements(one: Measured, other: Measured) -> list[int]:
    """The examples that the two models answer in another way, their scores aside."""
    pairs = zip(one.answers, other.answers, strict=True)
    return [i for i, (a, b) in enumerate(pairs) if not one.predictor.task.same(a, b)]


def check_labels(predictor: Predictor, examples: Sequence[Example]) -> None:
    """EdgetextError when the data is of another task: a label that the model cannot answer."""
    metadata: Metadata = predictor.metadata
    for example in examples:
        if example.intent is None and metadata.intents:
            raise EdgetextError(f"{example.source}: the line has no intent label; add one")
        for kind, word, label in predictor.task.used(example):
            if label not in metadata.labels[kind]:
                raise EdgetextError(
                    f"{example.source}: the {word} {label!r} is none of those of "
                    f"{predictor.path} ({metadata.name}); give the data of its task with --recipe"
                )
