"""Two texts in one sequence, as published encoders read them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from edgetext.models.layers.word_order import WordOrder
from edgetext.models.network import Network


class JoinedNetwork(Network):
    """ids int64[B, T] of both texts with their special pieces.

    The head is called (states, mask), and one that looks at the order of words (states, mask,
    order).
    """

    def __init__(
        self, embedding: nn.Module, encoder: nn.Module, head: nn.Module, dimension: int
    ) -> None:
        super().__init__(embedding, encoder, head, dimension)
        self.order = WordOrder() if getattr(head, "order", None) is not None else None

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
        order = () if self.order is None else (self._order(ids, mask, second > 0),)
        scores = self.head(states, mask, *order)
        return {**scores, "hidden": states} if hidden else scores

    def _order(self, ids: Tensor, mask: Tensor | None, second: Tensor) -> Tensor:
        """float[B, WordOrder.count] of ids int64[B, T] and second bool[B, T]."""
        there = torch.ones_like(ids, dtype=torch.bool) if mask is None else mask
        # The piece that begins the sequence and those that end a text have no counterpart.
        begun = torch.ones_like(ids).cumsum(1) > 1
        usable = there & begun & (ids != self._end)
        order: Any = self.order
        counts: Tensor = order.joined(ids, second, usable, there)
        return counts

    @property
    def _end(self) -> int:
        config: Any = self.head.config
        return int(config.end)
