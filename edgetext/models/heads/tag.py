"""One tag a piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from edgetext.configs.heads import TagConfig
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.segments import Mask
from edgetext.registry import register


@register("head", "tag")
class TagHead(nn.Module):
    """One BIO tag a piece; only the first piece of a word counts.

    shift: float32[K], what is added to the scores when training is over, not saved.
    """

    shift: Tensor
    reach = 0

    Config = TagConfig

    def __init__(self, config: TagConfig, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.dropout = Dropout(config.dropout)
        self.from_piece = nn.Linear(width, config.hidden)
        self.tags = nn.Linear(config.hidden, len(labels["tags"]))
        shift = torch.zeros(len(labels["tags"]))
        shift[0] = config.outside
        self.register_buffer("shift", shift, persistent=False)
        self.shifts = config.outside != 0

    def forward(self, x: Tensor, mask: Mask = None) -> dict[str, Tensor]:
        tags = self.tags(self.dropout(torch.relu(self.from_piece(x))))
        return {"tags": tags + self.shift if self.shifts and not self.training else tags}
