"""One label a pair of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from edgetext.configs.heads import CrossEncoderConfig
from edgetext.models.heads.pooling import build_pooling
from edgetext.models.layers.comparison import Comparison
from edgetext.models.network import Head
from edgetext.models.networks.cross_encoder import CrossEncoderNetwork
from edgetext.registry import register


@register("head", "cross_encoder")
class CrossEncoderHead(Head):
    """One label a pair: the cross-encoder, which reads both texts in one sequence.

    Each piece is compared with what it is like in the other text (models.layers.comparison), and
    the text's vector is pooled from the comparisons.
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
        self.intent = nn.Linear(self.pooling.output_dimension, len(labels["intent"]))

    def forward(self, x: Tensor, mask: Tensor | None, second: Tensor | int) -> dict[str, Tensor]:
        return {"intent": self.intent(self.pooling(self.comparison(x, mask, second), mask))}
