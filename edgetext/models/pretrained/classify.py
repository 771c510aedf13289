"""Labels of a text, or of a pair of texts, by published weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from edgetext.configs.pretrained import LabelConfig, PairConfig
from edgetext.models.heads.multi_label import Thresholded
from edgetext.models.layers.word_order import WordOrder
from edgetext.models.pretrained.head import JoinedHead, PublishedHead
from edgetext.models.pretrained.pairs import JoinedNetwork
from edgetext.models.pretrained.vectors import Transform, pooled
from edgetext.registry import register


@register("head", "pretrained_classify")
class PretrainedClassifyHead(PublishedHead):
    """One label a text: a pooled vector, a layer (BERT's pooler or another's), a Linear."""

    Config = LabelConfig

    def __init__(self, config: Any, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.pooling = config.pooling
        self.transform = Transform(config, width)
        self.intent = nn.Linear(width, len(labels["intent"]))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {"intent": self.intent(self.vector(x, mask))}

    def vector(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """What the last layer reads of a text, float[B, D]."""
        vector: Tensor = self.transform(pooled(self.pooling, x, mask))
        return vector


@register("head", "pretrained_multi_label")
class PretrainedMultiLabelHead(Thresholded, PretrainedClassifyHead):
    """A score a label, each by itself."""


@register("head", "pretrained_match")
class PretrainedMatchHead(JoinedHead, PretrainedClassifyHead):
    """One label a pair of texts that are read together.

    order: the counts of models.layers.word_order, through a layer of their own, stand beside the
    pooled vector.
    """

    network = JoinedNetwork

    Config = PairConfig

    def __init__(self, config: Any, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__(config, width, labels)
        self.order = nn.Linear(WordOrder.count, config.order) if config.order else None
        if config.single or config.order:
            self.intent = nn.Linear(
                width + config.order, 1 if config.single else len(labels["intent"])
            )
        self.single = config.single

    def forward(  # type: ignore[override]
        self, x: Tensor, mask: Tensor | None = None, order: Tensor | None = None
    ) -> dict[str, Tensor]:
        """order: float[B, WordOrder.count], where the head has a layer for it."""
        vector = self.vector(x, mask)
        if self.order is not None:
            vector = torch.cat([vector, torch.relu(self.order(order))], -1)
        scores = self.intent(vector)
        # The probability of two scores, one of them 0, is the sigmoid of the other.
        return {"intent": nn.functional.pad(scores, (1, 0)) if self.single else scores}
