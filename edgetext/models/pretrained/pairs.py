"""Two texts in one sequence, as published encoders read them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from edgetext.models.network import Network


class JoinedNetwork(Network):
    """ids int64[B, T] of both texts with their special pieces."""

    def forward(
        self,
        ids: Tensor,
        mask: Tensor | None = None,
        *,
        hidden: bool = False,
        second: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """second: int64[B, T], 1 at what is marked as the second text; by default what stands
        behind the first piece that ends a text."""
        if second is None:
            ends = (ids == self._end).to(torch.int64)
            second = (ends.cumsum(1) - ends).clamp(max=1)
        states = self.encoder(self.embedding(ids), mask, second.to(torch.float32))
        scores = self.head(states, mask)
        return {**scores, "hidden": states} if hidden else scores

    @property
    def _end(self) -> int:
        config: Any = self.head.config
        return int(config.end)
