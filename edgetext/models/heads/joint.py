"""One label a text and one tag a piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from edgetext.configs.heads import JointConfig
from edgetext.models.heads.pooling import build_pooling
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.segments import Mask, at_pieces
from edgetext.registry import register


@register("head", "joint")
class JointHead(nn.Module):
    """One intent a text and one BIO tag a piece; only the first piece of a word counts.

    The tag scores see the intent's probabilities (Stack-Propagation, Qin et al. 2019, §2.3).
    """

    reach = 0

    Config = JointConfig

    def __init__(
        self, config: JointConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.pooling = build_pooling(config.pooling, width)
        self.dropout = Dropout(config.dropout)
        self.intent = nn.Linear(self.pooling.output_dimension, len(labels["intent"]))
        self.from_piece = nn.Linear(width, config.hidden)
        self.from_intent = nn.Linear(len(labels["intent"]), config.hidden, bias=False)
        self.from_text = None
        if config.context:
            self.from_text = nn.Linear(self.pooling.output_dimension, config.hidden, bias=False)
        self.tags = nn.Linear(config.hidden, len(labels["tags"]))

    def forward(self, x: Tensor, mask: Mask = None) -> dict[str, Tensor]:
        text = self.dropout(self.pooling(x, mask))
        intent = self.intent(text)
        told = self.from_intent(torch.softmax(intent, dim=-1))
        if self.from_text is not None:
            told = told + self.from_text(text)
        told = at_pieces(told.unsqueeze(1), mask)
        tags = self.tags(self.dropout(torch.relu(self.from_piece(x) + told)))
        return {"intent": intent, "tags": tags}
