"""The table that turns piece ids into vectors."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class TokenEmbedding(nn.Module):
    """One learned row a piece: ids int64[B, T] -> float[B, T, dimension].

    A module of its own, and not nn.Embedding, so that compression can put an int8 table with the
    same call in its place. added: whether rows are added up, and so have one scale as integers.
    """

    def __init__(self, size: int, dimension: int, *, added: bool = False) -> None:
        super().__init__()
        self.added = added
        self.weight = nn.Parameter(torch.randn(size, dimension) * dimension**-0.5)

    def forward(self, ids: Tensor) -> Tensor:
        return nn.functional.embedding(ids, self.weight)

    def table(self) -> Tensor:
        """float[V, dimension]."""
        return self.weight

    def scores(self, x: Tensor, bias: Tensor) -> Tensor:
        """x float[B, T, dimension] against every row: float[B, T, V]; bias float[V]."""
        return nn.functional.linear(x, self.weight, bias)
