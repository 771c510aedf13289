"""Task rating, the half that learns: a head with one output, its loss, and its decoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.heads.pooling import Pooling
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.learner import Learner
from edgetext.tasks.learning import BatchLike, Labels, Numbers
from edgetext.tasks.task import task_of
from edgetext.text.encoding import Encoding

# Targets are whole numbers, so a rating counts in thousandths.
STEPS = 1000


@register("head", "rating")
class RatingHead(nn.Module):
    """states float[B, T, D] -> {"rating": float[B, 1]}, before the sigmoid."""

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

    def __init__(self, config: Config, width: int, labels: Labels) -> None:
        super().__init__()
        self.pooling = Pooling(width)
        self.rating = nn.Linear(self.pooling.output_dimension, 1)

    def forward(self, states: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {"rating": self.rating(self.pooling(states, mask))}


class RatingDecoder(Decoder):
    """{"rating": float[1, 1]} -> rating float32[1]."""

    count = 1

    def forward(self, scores: dict[str, Tensor]) -> tuple[Tensor]:
        return (torch.sigmoid(scores["rating"]).reshape(1),)


@register("learner", "rating")
class RatingLearner(Learner):
    """No labels: numbers are no kinds. Target "rating": the rating in thousandths."""

    task = task_of("rating")

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        bare = next((e for e in examples if e.intent is None), None)
        if bare is not None:
            raise EdgetextError(f"{bare.source}: the line has no rating; add one, 0 to 1")
        return {"intent": [], "tags": []}

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        return {"rating": round(STEPS * float(str(example.intent)))}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        target = batch.targets["rating"] / STEPS
        return binary_cross_entropy_with_logits(scores["rating"].squeeze(1), target)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        return binary_cross_entropy_with_logits(scores["rating"], wanted["rating"].sigmoid())

    def decoder(self, labels: Labels) -> Decoder:
        return RatingDecoder()
