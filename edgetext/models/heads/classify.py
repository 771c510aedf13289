"""One label a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torch import Tensor, nn

from edgetext.configs.heads import ClassifyConfig
from edgetext.models.heads.pooling import build_pooling
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.segments import Mask
from edgetext.registry import register


@register("head", "classify")
class ClassifyHead(nn.Module):
    """One label a text."""

    reach = 0

    Config = ClassifyConfig

    def __init__(
        self, config: ClassifyConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.pooling = build_pooling(config.pooling, width)
        self.dropout = Dropout(config.dropout)
        self.intent = nn.Linear(self.pooling.output_dimension, len(labels["intent"]))

    def forward(self, x: Tensor, mask: Mask = None) -> dict[str, Tensor]:
        return {"intent": self.intent(self.dropout(self.pooling(x, mask)))}
