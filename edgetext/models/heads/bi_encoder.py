"""One label a pair of texts, from a vector of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from edgetext.configs.heads import BiEncoderConfig
from edgetext.models.heads.pooling import build_pooling
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.unit import unit
from edgetext.models.network import Head
from edgetext.models.networks.bi_encoder import BiEncoderNetwork
from edgetext.registry import register

# Cosines are at most 1, and a softmax of such scores is never sure.
SCALE = 10.0


@register("head", "bi_encoder")
class BiEncoderHead(Head):
    """One label a pair: two towers, one unit vector a text; `edgetext export --embed` writes one
    tower alone."""

    network = BiEncoderNetwork

    Config = BiEncoderConfig

    def __init__(
        self, config: BiEncoderConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.by_cosine = config.compare == "cosine"
        self.scale = SCALE if self.by_cosine else config.dimension**0.5
        self.pooling = build_pooling(config.pooling, width)
        self.dropout = Dropout(config.dropout)
        self.project = nn.Linear(self.pooling.output_dimension, config.dimension)
        inputs = 1 if self.by_cosine else 2 * config.dimension
        self.intent = nn.Linear(inputs, len(labels["intent"]))
        if self.by_cosine:
            # The sign must come from the data: with that of chance, half of all trainings would
            # first drive like texts apart, and end with all vectors alike.
            nn.init.zeros_(self.intent.weight)

    def vector(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """float[B, T, D] -> the text's vector float[B, dimension], of length 1."""
        return unit(self.project(self.dropout(self.pooling(x, mask))))

    def compare(self, one: Tensor, other: Tensor) -> dict[str, Tensor]:
        """Two vectors float[B, dimension] -> {"intent": float[B, C]}."""
        alike = one * other
        if self.by_cosine:
            return {"intent": self.intent(self.scale * alike.sum(-1, keepdim=True))}
        return {"intent": self.intent(self.scale * torch.cat([(one - other).abs(), alike], -1))}
