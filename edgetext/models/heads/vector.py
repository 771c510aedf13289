"""A vector a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from edgetext.configs.heads import VectorConfig
from edgetext.models.decoders.vector import ScoredVector
from edgetext.models.heads.pooling import build_pooling
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.segments import Mask
from edgetext.models.layers.unit import unit
from edgetext.models.network import Head
from edgetext.registry import register


@register("head", "vector")
class VectorHead(Head):
    """A Linear of the pooled text, and the length made 1: {"vector": float[B, dimension]}.

    A network that has it learns from an embedder: see `edgetext pretrain`.
    """

    Config = VectorConfig

    def __init__(
        self, config: VectorConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.pooling = build_pooling(config.pooling, width)
        self.dropout = Dropout(config.dropout)
        self.project = nn.Linear(self.pooling.output_dimension, config.dimension)

    def forward(self, x: Tensor, mask: Mask = None) -> dict[str, Tensor]:
        return {"vector": unit(self.project(self.dropout(self.pooling(x, mask))))}

    def decoder(self) -> ScoredVector:
        return ScoredVector()
