"""A head with a hidden layer, for task classify."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from edgetext.models.layers.masking import hide_padding
from edgetext.registry import register


@register("head", "two_layers")
class TwoLayerHead(nn.Module):
    """Score the labels by a hidden layer over each feature's largest value."""

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")  # a misspelt field is refused

        hidden: int = Field(64, ge=1, description="width of the hidden layer")

    def __init__(self, config: Config, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, config.hidden)
        self.intent = nn.Linear(config.hidden, len(labels["intent"]))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        """Return scores float[B, labels] of x float[B, T, width].

        mask bool[B, T] is False at padding; None where nothing is.
        """
        largest = hide_padding(x, mask).amax(dim=1)
        return {"intent": self.intent(torch.relu(self.hidden(largest)))}
