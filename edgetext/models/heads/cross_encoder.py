"""One label a pair of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from edgetext.configs.heads import CrossEncoderConfig
from edgetext.models.heads.pooling import build_pooling
from edgetext.models.layers.comparison import Comparison
from edgetext.models.layers.word_order import WordOrder
from edgetext.models.network import Head
from edgetext.models.networks.cross_encoder import CrossEncoderNetwork
from edgetext.registry import register


@register("head", "cross_encoder")
class CrossEncoderHead(Head):
    """One label a pair: the cross-encoder, which reads both texts in one sequence.

    Each piece is compared with what it is like in the other text (models.layers.comparison), and
    the text's vector is pooled from the comparisons. order: the counts of
    models.layers.word_order, through a layer of their own, stand beside that vector.
    """

    network = CrossEncoderNetwork

    Config = CrossEncoderConfig

    def __init__(
        self, config: CrossEncoderConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.comparison = Comparison(
            width, config.hidden, config.layers, config.kernel, config.dropout
        )
        self.pooling = build_pooling(config.pooling, config.hidden)
        width = self.pooling.output_dimension
        self.order = nn.Linear(WordOrder.count, config.hidden) if config.order else None
        self.intent = nn.Linear(width + config.hidden * config.order, len(labels["intent"]))

    def forward(
        self,
        x: Tensor,
        mask: Tensor | None,
        second: Tensor | int,
        order: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """order: float[B, WordOrder.count], where the head has a layer for it."""
        vector = self.pooling(self.comparison(x, mask, second), mask)
        if self.order is not None:
            vector = torch.cat([vector, torch.relu(self.order(order))], -1)
        return {"intent": self.intent(vector)}
