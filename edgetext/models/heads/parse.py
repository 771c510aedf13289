"""A tree over a text's words, as scores of spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from edgetext.configs.heads import ParseConfig
from edgetext.models.heads.pooling import Pooling
from edgetext.models.layers.dropout import Dropout
from edgetext.registry import register


@register("head", "parse")
class ParseHead(nn.Module):
    """What models.decoders.parse makes a tree of: for each piece, as the first of a span's first
    word and as the first of its last word, a vector and a score for each chain of labels.

    The scores of a span are sums and products of those of its two ends, so all spans together cost
    a product of matrices (a biaffine scorer as in Dozat & Manning 2017, §3.2, without its weights
    between). Scores: "opens", "closes" float[B, T, R], "opens_chain", "closes_chain"
    float[B, T, C], and "root" float[B, C'] for the chain over the whole text.
    """

    Config = ParseConfig

    def __init__(
        self, config: ParseConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.sizes = [config.rank, len(labels["chains"])]
        self.pooling = Pooling(width)
        self.dropout = Dropout(config.dropout)
        self.root = nn.Linear(2 * width, len(labels["roots"]))
        self.from_piece = nn.Linear(width, 2 * config.hidden)
        self.opens = nn.Linear(config.hidden, sum(self.sizes))
        self.closes = nn.Linear(config.hidden, sum(self.sizes))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        root = self.root(self.dropout(self.pooling(x, mask)))
        hidden = self.dropout(torch.relu(self.from_piece(x)))
        left, right = hidden.chunk(2, dim=-1)
        opens, opens_chain = self.opens(left).split(self.sizes, dim=-1)
        closes, closes_chain = self.closes(right).split(self.sizes, dim=-1)
        return {
            "opens": opens,
            "closes": closes,
            "opens_chain": opens_chain,
            "closes_chain": closes_chain,
            "root": root,
        }
