"""One label a pair of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from edgetext.models.heads.pooling import PoolingName, build_pooling
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

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        hidden: int = Field(128, ge=1, description="width of the comparison of two pieces")
        layers: int = Field(1, ge=1, description="layers over the comparisons")
        kernel: int = Field(3, ge=1, description="comparisons that such a layer sees; odd")
        dropout: float = Field(0.1, ge=0, lt=1)
        pooling: PoolingName = Field(
            "attention", description="a weighted mean beside the maximum, or the maximum alone"
        )

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.comparison = Comparison(
            width, config.hidden, config.layers, config.kernel, config.dropout
        )
        self.pooling = build_pooling(config.pooling, config.hidden)
        self.intent = nn.Linear(self.pooling.output_dimension, len(labels["intent"]))

    def forward(self, x: Tensor, mask: Tensor | None, second: Tensor | int) -> dict[str, Tensor]:
        return {"intent": self.intent(self.pooling(self.comparison(x, mask, second), mask))}
