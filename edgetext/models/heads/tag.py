"""One tag a piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from edgetext.models.layers.segments import Mask
from edgetext.registry import register


@register("head", "tag")
class TagHead(nn.Module):
    """One BIO tag a piece; only the first piece of a word counts.

    shift: float32[K], what is added to the scores when training is over, not saved.
    """

    shift: Tensor
    reach = 0

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        hidden: int = Field(128, ge=1, description="width of the layer before the tags")
        dropout: float = Field(0.1, ge=0, lt=1)
        # Left out where nothing was chosen, so that checkpoints are as they were before it came.
        outside: float = Field(
            0.0,
            ge=-10,
            le=10,
            exclude_if=lambda value: value == 0,
            description="added to the score of words outside spans once training is over: below 0, "
            "more is found, and more of it is wrong",
        )

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.dropout = nn.Dropout(config.dropout)
        self.from_piece = nn.Linear(width, config.hidden)
        self.tags = nn.Linear(config.hidden, len(labels["tags"]))
        shift = torch.zeros(len(labels["tags"]))
        shift[0] = config.outside
        self.register_buffer("shift", shift, persistent=False)
        self.shifts = config.outside != 0

    def forward(self, x: Tensor, mask: Mask = None) -> dict[str, Tensor]:
        tags = self.tags(self.dropout(torch.relu(self.from_piece(x))))
        return {"tags": tags + self.shift if self.shifts and not self.training else tags}
