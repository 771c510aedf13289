"""The language model's head: scores of the piece that comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from edgetext.configs.heads import NextPieceConfig
from edgetext.models.layers.dropout import Dropout
from edgetext.models.network import TiedHead
from edgetext.registry import register


@register("head", "lm")
class NextPieceHead(TiedHead):
    """Each position's state against the embedding of every piece (Press & Wolf 2017).

    The table is the embedding's own, so it stands in a model once. What is returned is not scores
    but what makes them, because the scores of a batch, [B, T, V], are the largest tensor there is:
    query float[B, T, E], table float[V, E], bias float[V]; scores = query · table + bias.
    """

    Config = NextPieceConfig

    def __init__(
        self, config: NextPieceConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.best = config.best
        self.width = width
        self.dropout = Dropout(config.dropout)

    def tie(self, size: int, dimension: int) -> None:
        self.query = nn.Linear(self.width, dimension)
        self.bias = nn.Parameter(torch.zeros(size))

    def forward(self, x: Tensor, mask: Tensor | None, embedding: Any) -> dict[str, Tensor]:
        query = self.query(self.dropout(x))
        return {"query": query, "table": embedding.table(), "bias": self.bias}

    def at(self, x: Tensor, rows: Tensor, embedding: Any) -> Tensor:
        """x float[1, T, D], rows int64[R] -> scores float[1, R, V] at those positions alone."""
        scores: Tensor = embedding.scores(self.query(x.index_select(1, rows)), self.bias)
        return scores
