"""classify: one label a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.label_name import in_order
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.decoders.labels import ClassDecoder
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.answers.classify import Classify
from edgetext.tasks.answers.labels import IN_SCOPE
from edgetext.tasks.calibration import Calibration
from edgetext.tasks.class_weights import ClassWeights, expected_logits, loss_weights
from edgetext.tasks.explained import label_number
from edgetext.tasks.explaining import Goal
from edgetext.tasks.learner import Learner
from edgetext.tasks.learners.losses import label_loss, soft_label_loss
from edgetext.tasks.learning import BatchLike, Labels, Numbers
from edgetext.tasks.task import Task
from edgetext.tasks.words import IGNORE
from edgetext.text.encoding import Encoding


@register("learner", "classify")
class ClassifyLearner(Learner):
    """labels {"intent": [...], "tags": []}; scores "intent" float[B, C]; target "intent"."""

    task: Task[Any] = Classify()
    learns_unlabeled = True
    few_scores = True
    padded = True
    several = True
    takes_hashed = True
    by_gradients = True

    def __init__(
        self,
        weights: Tensor | None = None,
        expected: Tensor | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        """weights: float[C], how much each label counts in the loss. expected: float[C], see
        class_weights.expected_logits."""
        self.weights = weights
        self.expected = expected
        self.calibration = calibration or Calibration()

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        return {"intent": intent_names(examples), "tags": []}

    def names(self, labels: Labels) -> dict[str, list[str]]:
        return {"intent": self.calibration.names(labels["intent"]), "slots": []}

    @property
    def outputs(self) -> tuple[str, ...]:
        return with_scope(self.task.outputs, self.calibration)

    def calibrated(self, calibration: Calibration) -> Self:
        return type(self)(self.weights, self.expected, calibration)

    def weighted(self, choice: ClassWeights, examples: Sequence[Example], labels: Labels) -> Self:
        texts = (str(example.intent) for example in examples)
        weights = loss_weights(choice, labels["intent"], texts)
        return type(self)(weights, self.expected, self.calibration)

    def expecting(
        self, shares: Mapping[str, float], examples: Sequence[Example], labels: Labels
    ) -> Self:
        texts = [str(example.intent) for example in examples]
        expected = expected_logits(shares, labels["intent"], texts)
        return type(self)(self.weights, expected, self.calibration)

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        intent = example.intent
        if intent is None or (self.calibration.added and intent == self.calibration.outside):
            # The network has no score of it.
            return {"intent": IGNORE}
        return {"intent": numbers["intent"][intent]}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        target, smoothing = batch.targets["intent"], config.label_smoothing
        learned = scores["intent"]
        if self.expected is not None:
            learned = learned - self.expected.to(learned)
        return label_loss(learned, target, smoothing, self.weights)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        return soft_label_loss(scores["intent"], teacher["intent"], temperature)

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        """Give the logarithm of the label's probability among those that were learnt."""
        number = label_number(goal, labels["intent"], self.task.name)
        return scores["intent"].log_softmax(dim=-1)[:, number]

    def decoder(self, labels: Labels) -> Decoder:
        return self.class_decoder(labels)

    def class_decoder(self, labels: Labels) -> ClassDecoder:
        """Make the decoder of the scores of one label among several."""
        own, names = self.calibration, labels["intent"]
        return ClassDecoder(
            own.temperature, own.raised(names), own.beside, own.outside_number(names)
        )


def with_scope(outputs: Sequence[str], calibration: Calibration) -> tuple[str, ...]:
    """Give the outputs of a file whose scores are changed so: `in_scope` behind `scores`, before
    the spans, which hosts of `.pte` files look for last, where there is a label of texts about
    nothing known."""
    first, *others = outputs
    scope = () if calibration.outside is None else (IN_SCOPE,)
    return (first, *scope, *others)


def intent_names(examples: Sequence[Example]) -> list[str]:
    """The sorted intents, numbers in their order; EdgetextError when a line has none, or all have
    the same."""
    missing = next((e for e in examples if e.intent is None), None)
    if missing is not None and missing.intents is not None:
        raise EdgetextError(
            f"{missing.source}: the line has {len(missing.intents)} labels, and a text has one "
            "here; where texts may have several, set `multi_label: true` beside `task: classify`"
        )
    if missing is not None:
        raise EdgetextError(f"{missing.source}: the line has no intent label; add one")
    intents = in_order({str(e.intent) for e in examples})
    if len(intents) < 2:
        raise EdgetextError(
            f"the training split has {len(intents)} intent label(s); a classifier needs at least 2"
        )
    return intents
