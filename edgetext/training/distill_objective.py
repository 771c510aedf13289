"""What distillation minimises."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from edgetext.models import Network
from edgetext.recipe import DistillationConfig, TrainingConfig
from edgetext.tasks import Task
from edgetext.training.dataset import Batch
from edgetext.training.objective import drop_pieces


@dataclass(slots=True)
class TwinBatch:
    """The same texts under the student's and the teacher's vocabulary.

    Words are split alike by both, so the pieces marked `first` correspond one to one.
    """

    student: Batch
    teacher: Batch

    def to(self, device: torch.device) -> TwinBatch:
        return TwinBatch(self.student.to(device), self.teacher.to(device))


class DistillationObjective(nn.Module):
    """(1 - a) hard + a soft + h hidden; a is `soft_weight`, h is `hidden_weight`.

    hard: the task's loss. soft: its `soft_loss`.
    hidden: mean squared distance of the encoders' outputs at first pieces, the student's through a
    learned projection that is thrown away at the end (FitNets, Romero et al. 2015, §2.2).
    """

    def __init__(
        self,
        student: Network,
        teacher: Network,
        task: Task,
        distillation: DistillationConfig,
        training: TrainingConfig,
    ) -> None:
        super().__init__()
        self.student = student
        self.task = task
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
        soft = self.task.soft_loss(
            scores,
            wanted,
            (batch.student, batch.teacher),
            config.temperature,
            self.training_config,
        )
        hard = self.task.loss(scores, batch.student, self.training_config)
        loss = (1 - config.soft_weight) * hard + config.soft_weight * soft
        if self.projection is not None:
            here, there = batch.student.first, batch.teacher.first
            distance = mse_loss(self.projection(scores["hidden"][here]), wanted["hidden"][there])
            loss = loss + config.hidden_weight * distance
        return loss
