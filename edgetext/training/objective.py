"""What supervised training minimises."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from edgetext.recipe import TrainingConfig
from edgetext.text.vocabulary import CLS, UNK
from edgetext.training.dataset import IGNORE, Batch


def drop_pieces(batch: Batch, probability: float) -> Tensor:
    """The batch's ids int64[B, T] with pieces replaced by [UNK] at random, never [CLS] or padding.

    It makes the network lean on a word's surroundings, which is all it has for unseen names.
    """
    if not probability:
        return batch.ids
    dropped = torch.rand(batch.ids.shape, device=batch.ids.device) < probability
    return batch.ids.masked_fill(dropped & batch.mask & (batch.ids != CLS), UNK)


def supervised_loss(scores: dict[str, Tensor], batch: Batch, config: TrainingConfig) -> Tensor:
    """Cross-entropy of the intent plus, for joint networks, `tag_weight` times that of the tags."""
    smoothing = config.label_smoothing
    loss = cross_entropy(scores["intent"], batch.intent, label_smoothing=smoothing)
    if batch.tags is not None:
        tags = cross_entropy(
            scores["tags"].flatten(0, 1),
            batch.tags.flatten(),
            ignore_index=IGNORE,
            label_smoothing=smoothing,
        )
        loss = loss + config.tag_weight * tags
    return loss


class SupervisedObjective(nn.Module):
    """`supervised_loss` of a network on a batch with some pieces dropped."""

    def __init__(self, network: nn.Module, config: TrainingConfig) -> None:
        super().__init__()
        self.network = network
        self.config = config

    def forward(self, batch: Batch) -> Tensor:
        scores = self.network(drop_pieces(batch, self.config.piece_dropout), batch.mask)
        return supervised_loss(scores, batch, self.config)
