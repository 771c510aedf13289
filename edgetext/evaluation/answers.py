"""Measuring models from bytes: what an artifact answers, how fast, and whether two agree."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.no_label import OUT_OF_SCOPE
from edgetext.model.contract import Metadata
from edgetext.predictor import Predictor
from edgetext.tasks.metrics import Score
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import check_texts

WARM_UP = 20


@dataclass(slots=True)
class Measured:
    """A model's answers to the examples, in their order, and the milliseconds of each."""

    predictor: Predictor
    answers: list[Prediction] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def ask(self, texts: Sequence[tuple[bytes, ...]]) -> None:
        """Answer some more texts; the time of each is its share of what they take together."""
        start = time.perf_counter_ns()
        if len(texts) == 1:
            answers = [self.predictor.predict(*texts[0])]
        else:
            answers = self.predictor.predict_many(texts)
        taken = (time.perf_counter_ns() - start) / 1e6
        self.answers += answers
        self.milliseconds += [taken / len(texts)] * len(texts)

    def metrics(
        self, examples: Sequence[Example], rows: Sequence[int] | None = None
    ) -> dict[str, float]:
        """The task's metrics over all examples, or over those at the positions `rows`."""
        if rows is None:
            return self.predictor.task.measure(examples, self.answers)
        return self.predictor.task.measure(
            [examples[i] for i in rows], [self.answers[i] for i in rows]
        )

    def class_scores(self, examples: Sequence[Example]) -> dict[str, Score]:
        """The scores of each label of the examples; empty where the task gives no label a text."""
        return self.predictor.task.class_scores(examples, self.answers)

    def percentile(self, share: float) -> float:
        """Milliseconds from bytes to answer; `share` 0 to 100."""
        return float(np.percentile(self.milliseconds, share))


def evaluate(
    predictors: Sequence[Predictor],
    examples: Sequence[Example],
    advance: Callable[[], None] = lambda: None,
    strict: bool = True,
) -> list[Measured]:
    """Every model on every text, the models taking turns so that noise falls on all alike: in an
    order that is drawn for each text, since one that comes after another runtime finds less of its
    code in the processor's caches.

    A batch file answers as many texts at once as it takes, and the time of one is its share.

    strict: EdgetextError for a label that a model does not have; else it is a miss.
    """
    for predictor in predictors:
        for example in examples:
            check_texts(predictor.task, example)
        check_labels(predictor, examples, strict)
    texts = [tuple(text.encode("utf-8") for text in example.texts) for example in examples]
    measured = [Measured(predictor) for predictor in predictors]
    for text in texts[:WARM_UP]:
        for predictor in predictors:
            predictor.predict(*text)
    orders = random.Random(0)
    for number in range(len(texts)):
        for model in orders.sample(measured, len(measured)):
            at_once = model.predictor.metadata.batch or 1
            if number % at_once == 0:
                model.ask(texts[number : number + at_once])
        advance()
    return measured


def disagreements(one: Measured, other: Measured) -> list[int]:
    """The examples that the two models answer in another way, their scores aside."""
    pairs = zip(one.answers, other.answers, strict=True)
    return [i for i, (a, b) in enumerate(pairs) if not one.predictor.task.same(a, b)]


def by_file(examples: Sequence[Example]) -> dict[str, list[int]]:
    """The positions of the examples of each file, in the order of their first."""
    found: dict[str, list[int]] = {}
    for i, example in enumerate(examples):
        found.setdefault(example.source.rpartition(":")[0], []).append(i)
    return found


def check_labels(predictor: Predictor, examples: Sequence[Example], strict: bool = True) -> None:
    """EdgetextError when the data is of another task: a label that the model cannot answer or,
    when not `strict`, none that it can."""
    metadata: Metadata = predictor.metadata
    for example in examples:
        if metadata.intents and not predictor.task.is_labeled(example):
            raise EdgetextError(f"{example.source}: the line has no intent label; add one")
        for kind, word, label in predictor.task.used(example):
            if not strict and label in metadata.labels[kind]:
                return
            if strict and label not in metadata.labels[kind]:
                mend = "give the data of its task with --recipe"
                if label in OUT_OF_SCOPE:
                    mend = "calibrate it with --false-alarms, or count a miss: data.unseen=miss"
                raise EdgetextError(
                    f"{example.source}: the {word} {label!r} is none of those of "
                    f"{predictor.path} ({metadata.name}); {mend}"
                )
    if not strict:
        raise EdgetextError(
            f"{examples[0].source}: not one label of this file is of {predictor.path} "
            f"({metadata.name}); give the data of its task with --recipe"
        )
