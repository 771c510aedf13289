"""What supervised training minimises."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.recipe import TrainingConfig
from edgetext.tasks.learner import Learner
from edgetext.text.tokenization import Tokenization
from edgetext.training.dataset import Batch
from edgetext.training.recomputed import recomputed
from edgetext.training.robust import Scores, robust_loss


def drop_pieces(batch: Batch, probability: float, vocabulary: Tokenization) -> Tensor:
    """The batch's ids int64[B, T] with pieces replaced by [UNK] at random, never [CLS], another
    mark of the vocabulary or padding.

    It makes the network lean on a word's surroundings, which is all it has for unseen names.
    """
    if not probability:
        return batch.ids
    dropped = torch.rand(batch.ids.shape, device=batch.ids.device) < probability
    special = torch.tensor(sorted(vocabulary.special_ids), device=batch.ids.device)
    pieces = batch.mask & ~torch.isin(batch.ids, special)
    return batch.ids.masked_fill(dropped & pieces, vocabulary.unknown)


class SupervisedObjective(nn.Module):
    """The task's loss of a network on a batch with some pieces dropped, and what
    training.robust adds."""

    def __init__(
        self,
        network: nn.Module,
        learner: Learner,
        config: TrainingConfig,
        vocabulary: Tokenization,
    ) -> None:
        super().__init__()
        self.network = network
        self.learner = learner
        self.config = config
        self.vocabulary = vocabulary

    def forward(self, batch: Batch) -> Tensor:
        ids = drop_pieces(batch, self.config.token_dropout, self.vocabulary)

        def run() -> tuple[Tensor, Scores]:
            with recomputed(self.network, batch, self.config):
                scores = self.network(ids, batch.mask)
            return self.learner.loss(scores, batch, self.config), scores

        return robust_loss(self.network, self.learner, batch, self.config, run)
