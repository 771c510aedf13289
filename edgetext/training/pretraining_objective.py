"""What pretraining minimizes: how far a small network is from an embedder, in texts and words."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, kl_div

from edgetext.models import Network
from edgetext.recipe import PretrainingConfig
from edgetext.text.tokenization import Tokenization
from edgetext.training.distillation_set import DistillationBatch
from edgetext.training.objective import drop_pieces
from edgetext.training.teachers import Teacher

# By which cosines are divided before a softmax, so that a text's nearest ones have most of it.
TEMPERATURE = 0.05


class PretrainingObjective(nn.Module):
    """v vector + n neighbor + w word; v, n and w are the weights of the recipe's `pretraining`.

    vector: 1 - cosine of the student's and the teacher's vector of a text. neighbor: the divergence
    of softmaxes over a text's cosines with the others of the batch, which asks for no common width
    (relational distillation, Park et al. 2019, §3.1, as distributions). word: 1 - cosine of the
    encoders' outputs at the first piece of each word. Where widths differ, learned projections
    stand between, which are thrown away at the end. The teacher reads the text as it is and the
    student with some pieces dropped (`training.token_dropout`), so that it learns what a word is
    among others from its surroundings.
    """

    def __init__(
        self,
        student: Network,
        teacher: Teacher,
        width: int,
        config: PretrainingConfig,
        token_dropout: float,
        vocabulary: Tokenization,
    ) -> None:
        """width: of the teacher's vectors."""
        super().__init__()
        self.student = student
        # In no module, so that its parameters are neither trained nor saved.
        self.teachers = [teacher]
        self.config = config
        self.token_dropout = token_dropout
        self.vocabulary = vocabulary
        head: Any = student.head
        own = head.project.out_features
        self.vectors = nn.Linear(own, width, bias=False) if own != width else nn.Identity()
        self.words = nn.Linear(student.dimension, teacher.network.dimension)

    def forward(self, batch: DistillationBatch) -> Tensor:
        config, (seen,) = self.config, batch.teachers
        ids = drop_pieces(batch.student, self.token_dropout, self.vocabulary)
        student = self.student(ids, batch.student.mask, hidden=True)
        teacher = self.teachers[0].answer(seen)
        # Of the network even where a batch of one text has no neighbors.
        loss = 0 * student["vector"].sum()
        if config.vector_weight:
            apart = 1 - cosine_similarity(
                self.vectors(student["vector"]), teacher["vector"], dim=-1
            )
            loss = loss + config.vector_weight * apart.mean()
        if config.neighbor_weight and len(ids) > 1:
            loss = loss + config.neighbor_weight * _neighbors(student["vector"], teacher["vector"])
        if config.word_weight:
            word = self.words(student["hidden"][batch.student.first])
            apart = 1 - cosine_similarity(word, teacher["hidden"][seen.first], dim=-1)
            loss = loss + config.word_weight * apart.mean()
        return loss


def _neighbors(student: Tensor, teacher: Tensor) -> Tensor:
    """Compare how near the texts of a batch are to each other, float[B, D] and float[B, E] of
    length 1, as a scalar."""
    itself = torch.eye(len(student), dtype=torch.bool, device=student.device)
    logs = [
        (vectors @ vectors.T / TEMPERATURE).masked_fill(itself, -1e4).log_softmax(-1)
        for vectors in (student, teacher)
    ]
    return kl_div(logs[0], logs[1], log_target=True, reduction="batchmean")
