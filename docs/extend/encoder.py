"""An encoder that sees each piece beside its two neighbors."""

from __future__ import annotations

import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from edgetext.models.layers.masking import window
from edgetext.registry import register


@register("encoder", "neighbors")
class NeighborEncoder(nn.Module):
    """Pass each piece and its two neighbors through one hidden layer."""

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")  # a misspelt field is refused

        embedding: int = Field(32, ge=1, description="width of a piece's vector")
        hidden: int = Field(64, ge=1, description="width of the hidden layer")

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.output_dimension = config.hidden  # the D of what forward gives
        self.hidden = nn.Linear(3 * config.embedding, config.hidden)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return float[B, T, D] of the pieces' vectors x float[B, T, E].

        mask bool[B, T] is False at padding; None where nothing is.
        """
        return torch.relu(self.hidden(window(x, 3, mask)))
