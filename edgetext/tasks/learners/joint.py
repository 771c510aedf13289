"""joint: one intent a text, and its slots as spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.decoders.labels import JointDecoder
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.answers.joint import Joint
from edgetext.tasks.calibration import Calibration
from edgetext.tasks.class_weights import ClassWeights
from edgetext.tasks.explaining import LABEL, Goal
from edgetext.tasks.learner import Learner
from edgetext.tasks.learners.classify import ClassifyLearner, intent_names, with_scope
from edgetext.tasks.learners.tag import TagLearner
from edgetext.tasks.learning import BatchLike, Labels, Numbers
from edgetext.tasks.words import slot_names, tag_names
from edgetext.text.encoding import Encoding


@register("learner", "joint")
class JointLearner(Learner):
    """labels {"intent": [...], "tags": ["O", "B-x", "I-x", ...]}; scores "intent" float[B, C] and
    "tags" float[B, T, K]; targets of the same names."""

    task = Joint()
    learns_unlabeled = True
    few_scores = True
    padded = True
    several = True
    takes_hashed = True
    by_gradients = True

    def __init__(self, intent: ClassifyLearner | None = None) -> None:
        """intent: what learns the intents."""
        self.intent = intent or ClassifyLearner()
        self.spans = TagLearner()

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        intents, tags = intent_names(examples), tag_names(examples)
        if len(tags) == 1:
            raise EdgetextError(
                "the training split has no slot spans; give data with slots or set `task: classify`"
            )
        return {"intent": intents, "tags": tags}

    def names(self, labels: Labels) -> dict[str, list[str]]:
        return {**self.intent.names(labels), "slots": slot_names(labels["tags"])}

    @property
    def outputs(self) -> tuple[str, ...]:
        return with_scope(self.task.outputs, self.intent.calibration)

    def calibrated(self, calibration: Calibration) -> Self:
        return type(self)(self.intent.calibrated(calibration))

    def weighted(self, choice: ClassWeights, examples: Sequence[Example], labels: Labels) -> Self:
        return type(self)(self.intent.weighted(choice, examples, labels))

    def expecting(
        self, shares: Mapping[str, float], examples: Sequence[Example], labels: Labels
    ) -> Self:
        return type(self)(self.intent.expecting(shares, examples, labels))

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        return {
            **self.intent.targets(example, encoding, numbers),
            **self.spans.targets(example, encoding, numbers),
        }

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        """Add `tag_weight` times the tags' cross-entropy to the intent's."""
        intent, tags = (part.loss(scores, batch, config) for part in (self.intent, self.spans))
        return intent + config.tag_weight * tags

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        intent, tags = (
            part.soft_loss(scores, teacher, batches, temperature, config)
            for part in (self.intent, self.spans)
        )
        return intent + config.tag_weight * tags

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        part = self.intent if goal.kind == LABEL else self.spans
        return part.goal_score(scores, goal, encoding, labels)

    def decoder(self, labels: Labels) -> Decoder:
        return JointDecoder(len(labels["tags"]), self.intent.class_decoder(labels))
