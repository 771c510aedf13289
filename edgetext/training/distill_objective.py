"""What distillation minimises."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import kl_div, log_softmax, mse_loss, softmax

from edgetext.models import Network
from edgetext.recipe import DistillationConfig, TrainingConfig
from edgetext.training.dataset import Batch
from edgetext.training.objective import drop_pieces, supervised_loss


@dataclass(frozen=True, slots=True)
class TwinBatch:
    """The same texts under the student's and the teacher's vocabulary.

    Words are split alike by both, so the pieces marked `first` correspond one to one.
    """

    student: Batch
    teacher: Batch

    def to(self, device: torch.device) -> TwinBatch:
        return TwinBatch(self.student.to(device), self.teacher.to(device))


def soft_loss(student: Tensor, teacher: Tensor, temperature: float) -> Tensor:
    """T² KL(teacher || student) of softened scores [N, C], mean over N (Hinton et al. 2015, §2)."""
    return temperature**2 * kl_div(
        log_softmax(student / temperature, dim=-1),
        softmax(teacher / temperature, dim=-1),
        reduction="batchmean",
    )


class DistillationObjective(nn.Module):
    """(1 - a) hard + a soft + h hidden; a is `soft_weight`, h is `hidden_weight`.

    hard: the supervised loss. soft: `soft_loss` of the intent and of the tags at first pieces.
    hidden: mean squared distance of the encoders' outputs at first pieces, the student's through a
    learned projection that is thrown away at the end (FitNets, Romero et al. 2015, §2.2).
    """

    def __init__(
        self,
        student: Network,
        teacher: Network,
        distillation: DistillationConfig,
        training: TrainingConfig,
    ) -> None:
        super().__init__()
        self.student = student
        self.projection = None
        if distillation.hidden_weight:
            self.projection = nn.Linear(student.dimension, teacher.dimension)
        # In a list, so that its parameters are neither trained nor saved.
        self._teacher = [teacher.eval().requires_grad_(False)]
        self.distillation = distillation
        self.training_config = training

    def forward(self, batch: TwinBatch) -> Tensor:
        config = self.distillation
        ids = drop_pieces(batch.student, self.training_config.piece_dropout)
        scores = self.student(ids, batch.student.mask, hidden=True)
        # The loop moves what it trains; the teacher follows by itself.
        teacher = self._teacher[0].to(ids.device)
        with torch.no_grad():
            wanted = teacher(batch.teacher.ids, batch.teacher.mask, hidden=True)
        here, there = batch.student.first, batch.teacher.first
        soft = soft_loss(scores["intent"], wanted["intent"], config.temperature)
        if "tags" in scores:
            tags = soft_loss(scores["tags"][here], wanted["tags"][there], config.temperature)
            soft = soft + self.training_config.tag_weight * tags
        hard = supervised_loss(scores, batch.student, self.training_config)
        loss = (1 - config.soft_weight) * hard + config.soft_weight * soft
        if self.projection is not None:
            distance = mse_loss(self.projection(scores["hidden"][here]), wanted["hidden"][there])
            loss = loss + config.hidden_weight * distance
        return loss
