"""What distillation minimizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn
from torch.nn.functional import mse_loss

from edgetext.models import Network
from edgetext.recipe import DistillationConfig, TrainingConfig
from edgetext.tasks.learner import Learner
from edgetext.text.tokenization import Tokenization
from edgetext.training.distillation_set import DistillationBatch
from edgetext.training.objective import drop_pieces
from edgetext.training.recomputed import recomputed
from edgetext.training.relations import AttentionTap, attention_loss, states_loss
from edgetext.training.robust import Scores, robust_loss
from edgetext.training.teachers import Teacher


def soft_weight(config: DistillationConfig, epoch: int, epochs: int) -> float:
    """Give how much the teachers' scores count in an epoch (0-based).

    It is `soft_weight` in the first and `soft_weight_end` in the last, by equal steps (teacher
    annealing, Clark et al. 2019, "BAM!", §2.3).
    """
    if config.soft_weight_end is None or epochs < 2:
        return config.soft_weight
    share = epoch / (epochs - 1)
    return config.soft_weight + share * (config.soft_weight_end - config.soft_weight)


class DistillationObjective(nn.Module):
    """(1 - a) hard + a soft + h hidden + r relation; a is `soft_weight`, which may change with the
    epoch, h is `hidden_weight`, r is `relation_weight`.

    hard: the task's loss. The others are means over the teachers. soft: the task's `soft_loss`; its
    cross-entropy is linear in the teacher's probabilities, so the student learns their mean.
    hidden: mean squared distance of the encoders' outputs at first pieces, the student's through a
    learned projection that is thrown away at the end (FitNets, Romero et al. 2015, §2.2).
    relation: see training.relations.
    """

    def __init__(
        self,
        student: Network,
        teachers: Sequence[Teacher],
        learner: Learner,
        distillation: DistillationConfig,
        training: TrainingConfig,
        vocabulary: Tokenization,
    ) -> None:
        super().__init__()
        self.student = student
        self.learner = learner
        self.projections = nn.ModuleList(
            nn.Linear(student.dimension, teacher.network.dimension)
            for teacher in teachers
            if distillation.hidden_weight
        )
        # In no module, so that their parameters are neither trained nor saved.
        self.teachers = list(teachers)
        self.taps: list[AttentionTap] = []
        if distillation.relation_weight and distillation.relations == "attention":
            self.taps = [AttentionTap(student, "student")]
            self.taps += [AttentionTap(teacher.network, "teacher") for teacher in teachers]
        self.distillation = distillation
        self.soft_weight = distillation.soft_weight
        self.training_config = training
        self.vocabulary = vocabulary

    def forward(self, batch: DistillationBatch) -> Tensor:
        training = self.training_config
        ids = drop_pieces(batch.student, training.token_dropout, self.vocabulary)
        pairs = enumerate(zip(self.teachers, batch.teachers, strict=True))
        # Once, however many passes the student makes.
        answers = [
            batch.targets[number] if batch.targets else teacher.answer(seen)
            for number, (teacher, seen) in pairs
        ]

        def run() -> tuple[Tensor, Scores]:
            with recomputed(self.student, batch.student, training):
                scores = self.student(ids, batch.student.mask, hidden=True)
            return self._loss(scores, batch, answers), scores

        return robust_loss(self.student, self.learner, batch.student, training, run)

    def _loss(
        self, scores: Scores, batch: DistillationBatch, answers: Sequence[Mapping[str, Tensor]]
    ) -> Tensor:
        """The loss float[] of the student's scores; answers: the teachers'."""
        config, training = self.distillation, self.training_config
        loss = (1 - self.soft_weight) * self.learner.loss(scores, batch.student, training)
        for number, (seen, scored) in enumerate(zip(batch.teachers, answers, strict=True)):
            share = self.teachers[number].share
            soft = self.learner.soft_loss(
                scores, scored, (batch.student, seen), config.temperature, training
            )
            loss = loss + share * self.soft_weight * soft
            firsts = batch.student.first, seen.first
            if config.hidden_weight:
                own = self.projections[number](scores["hidden"][firsts[0]])
                distance = mse_loss(own, scored["hidden"][firsts[1]])
                loss = loss + share * config.hidden_weight * distance
            if config.relation_weight:
                loss = loss + share * config.relation_weight * (
                    attention_loss(self.taps[0].seen, self.taps[1 + number].seen, firsts)
                    if self.taps
                    else states_loss(scores["hidden"], scored["hidden"], firsts)
                )
        return loss
