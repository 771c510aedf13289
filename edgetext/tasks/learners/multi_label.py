"""multi_label: none, one or several labels a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.label_name import in_order
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.decoders.labels import LabelsDecoder
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.answers.multi_label import MultiLabel
from edgetext.tasks.calibration import Calibration
from edgetext.tasks.class_weights import ClassWeights, positive_weights
from edgetext.tasks.explained import label_number
from edgetext.tasks.explaining import Goal
from edgetext.tasks.learner import Learner
from edgetext.tasks.learners.classify import ClassifyLearner
from edgetext.tasks.learning import BatchLike, Labels, Numbers, Scored
from edgetext.tasks.words import IGNORE
from edgetext.text.encoding import Encoding

# The threshold stays within these scores, probabilities of 0.05 and 0.95: beyond them it would rest
# on a few texts.
_FURTHEST = 2.94


@register("learner", "multi_label")
class MultiLabelLearner(ClassifyLearner):
    """labels {"intent": [...], "tags": []}; scores "intent" float[B, C]; target "labels"
    int64[B, S, 1]: the numbers of the text's labels. weights: of a text that has the label beside
    one that has not."""

    task = MultiLabel()

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        bare = next((e for e in examples if e.text_labels is None), None)
        if bare is not None:
            raise EdgetextError(
                f"{bare.source}: the line has no labels; add an empty list at least"
            )
        names = in_order({label for e in examples for label in e.text_labels or ()})
        if not names:
            raise EdgetextError("the training split has no label; give data with labels")
        return {"intent": names, "tags": []}

    def weighted(self, choice: ClassWeights, examples: Sequence[Example], labels: Labels) -> Self:
        texts = [example.text_labels or () for example in examples]
        return type(self)(positive_weights(choice, labels["intent"], texts))

    def expecting(
        self, shares: Mapping[str, float], examples: Sequence[Example], labels: Labels
    ) -> Self:
        # Each label is decided by itself, by a threshold of its scores.
        return Learner.expecting(self, shares, examples, labels)

    def calibrated(self, calibration: Calibration) -> Self:
        # Its threshold is chosen when training ends.
        return Learner.calibrated(self, calibration)

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        places = [numbers["intent"][label] for label in example.text_labels or ()]
        return {"labels": np.array(places, np.int64).reshape(-1, 1)}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        """Compute the binary cross-entropy of a text's labels, their sum, a mean over texts."""
        target = _has(batch.targets["labels"], scores["intent"])
        target = target + config.label_smoothing * (0.5 - target)
        return _summed(scores["intent"], target, self.weights)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        """Compute T² KL of the teacher's softened probabilities, as soft_label_loss does, of each
        label by itself."""
        softened = teacher["intent"] / temperature
        target = torch.sigmoid(softened)
        own = _summed(scores["intent"] / temperature, target)
        return temperature**2 * (own - _summed(softened, target))

    def sureness(self, scores: Mapping[str, Tensor], batch: BatchLike) -> Tensor:
        """Give float[B]: how sure the least sure label is, be it there or not."""
        return torch.sigmoid(scores["intent"].abs()).amin(dim=1)

    def calibrate(self, head: Any, scored: Scored) -> None:
        """Choose the threshold with the highest micro F1, of several the nearest to a half."""
        head.threshold.zero_()
        pairs = [
            (scores["intent"].float().cpu(), _has(batch.targets["labels"], scores["intent"]).cpu())
            for scores, batch in scored()
        ]
        if pairs:
            scores, has = (torch.cat(parts).flatten() for parts in zip(*pairs, strict=True))
            head.threshold.fill_(best_threshold(scores, has))

    def published(self, head: Any) -> dict[str, float]:
        return {"raw_threshold": round(float(torch.sigmoid(head.threshold)), 4)}

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        """Give the logarithm of the label's own probability."""
        number = label_number(goal, labels["intent"], self.task.name)
        return logsigmoid(scores["intent"][:, number])

    def decoder(self, labels: Labels) -> Decoder:
        return LabelsDecoder()


def best_threshold(scores: Tensor, has: Tensor) -> float:
    """Find the threshold with the highest F1 of the decisions that scores above it are true.

    scores: float32[N]; has: float32[N], 1 where it is so. 0 where nothing is so.
    """
    scores, order = scores.sort(descending=True)
    hits = has[order].cumsum(0)
    count = torch.arange(1, len(scores) + 1)
    f1 = 2 * hits / (count + has.sum())
    below = torch.cat([scores[1:], scores[-1:] - 1])
    between = (scores + below) / 2
    # Not between equal scores, and not beyond the furthest.
    usable = (scores > below) & (between.abs() <= _FURTHEST)
    if not has.any() or not usable.any():
        return 0.0
    f1 = f1.masked_fill(~usable, -1)
    best = between[f1 >= f1.max() - 1e-7]
    return float(best[best.abs().argmin()])


def _has(numbers: Tensor, scores: Tensor) -> Tensor:
    """int64[B, S, 1] of labels' numbers, IGNORE for none -> float[B, C]: 1 where a text has one."""
    numbers = numbers[..., 0]
    has = torch.zeros(len(scores), scores.shape[1] + 1, dtype=scores.dtype, device=scores.device)
    places = numbers.masked_fill(numbers == IGNORE, scores.shape[1])
    return has.scatter_(1, places, 1.0)[:, :-1]


def _summed(scores: Tensor, target: Tensor, weights: Tensor | None = None) -> Tensor:
    """The cross-entropy of each label, summed, a mean over texts."""
    weights = None if weights is None else weights.to(scores)
    total = binary_cross_entropy_with_logits(scores, target, pos_weight=weights, reduction="sum")
    return total / len(scores)
