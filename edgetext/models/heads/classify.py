"""One label a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from edgetext.models.heads.pooling import PoolingName, build_pooling
from edgetext.models.layers.segments import Mask
from edgetext.registry import register


@register("head", "classify")
class ClassifyHead(nn.Module):
    """One label a text."""

    reach = 0

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        dropout: float = Field(0.1, ge=0, lt=1)
        pooling: PoolingName = Field(
            "attention", description="a weighted mean beside the maximum, or the maximum alone"
        )

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.pooling = build_pooling(config.pooling, width)
        self.dropout = nn.Dropout(config.dropout)
        self.intent = nn.Linear(self.pooling.output_dimension, len(labels["intent"]))

    def forward(self, x: Tensor, mask: Mask = None) -> dict[str, Tensor]:
        return {"intent": self.intent(self.dropout(self.pooling(x, mask)))}
