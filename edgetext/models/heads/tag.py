"""One tag a piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from edgetext.registry import register


@register("head", "tag")
class TagHead(nn.Module):
    """One BIO tag a piece; only the first piece of a word counts."""

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        hidden: int = Field(128, ge=1, description="width of the layer before the tags")
        dropout: float = Field(0.1, ge=0, lt=1)

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.dropout = nn.Dropout(config.dropout)
        self.from_piece = nn.Linear(width, config.hidden)
        self.tags = nn.Linear(config.hidden, len(labels["tags"]))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {"tags": self.tags(self.dropout(torch.relu(self.from_piece(x))))}
