"""The post-norm transformer of BERT (Devlin et al. 2018), as DistilBERT, MiniLM, ELECTRA, RoBERTa,
XLM-R and MPNet have it too."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.configs.pretrained import BertConfig
from edgetext.models.layers.attention import SelfAttention
from edgetext.models.layers.distances import DistanceScores
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.pretrained.activations import ACTIVATIONS
from edgetext.registry import register


class BertLayer(nn.Module):
    """norm(x + attention(x)), then norm(x + feed_forward(x))."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.attention = SelfAttention(
            config.hidden, config.heads, config.dropout, head_width=config.head_width
        )
        self.attention_norm = nn.LayerNorm(config.hidden, eps=config.epsilon)
        self.widen = nn.Linear(config.hidden, config.feed_forward)
        self.activation = ACTIVATIONS[config.activation]
        self.narrow = nn.Linear(config.feed_forward, config.hidden)
        self.norm = nn.LayerNorm(config.hidden, eps=config.epsilon)
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Tensor, mask: Tensor | None, added: Tensor | None) -> Tensor:
        x = self.attention_norm(self.dropout(self.attention(x, mask, added)) + x)
        return self.norm(self.dropout(self.narrow(self.activation(self.widen(x)))) + x)


@register("encoder", "bert")
class BertEncoder(nn.Module):
    """float[B, T, E], T at most `positions`, -> float[B, T, D].

    positions: a row a place, to which the segment of a single text is added already. segment: what
    the second text of a pair has instead of that, as the difference of the two. distances: what all
    layers add to their scores.
    """

    Config = BertConfig
    # Fields that decide shapes and are no widths: nothing less important is cut of them.
    fixed_fields = ("positions", "head_width", "distance_buckets")

    def __init__(self, config: BertConfig) -> None:
        super().__init__()
        self.output_dimension = config.hidden
        self.positions = TokenEmbedding(config.positions, config.embedding)
        self.segment = None
        if config.segments:
            self.segment = nn.Parameter(torch.zeros(config.embedding))
        self.distances = None
        if config.distance_buckets:
            self.distances = DistanceScores(config.distance_buckets, config.heads, config.positions)
        self.embedding_norm = nn.LayerNorm(config.embedding, eps=config.epsilon)
        self.dropout = Dropout(config.dropout)
        self.projection = (
            nn.Linear(config.embedding, config.hidden)
            if config.embedding != config.hidden
            else nn.Identity()
        )
        self.layers = nn.ModuleList(BertLayer(config) for _ in range(config.layers))

    @property
    def last_norm(self) -> nn.LayerNorm:
        """Give what the output comes from."""
        norm: nn.LayerNorm = self.layers[-1].norm  # type: ignore[assignment]
        return norm

    def forward(
        self, x: Tensor, mask: Tensor | None = None, second: Tensor | None = None
    ) -> Tensor:
        """second: float[B, T], 1 at pieces of the second text of a pair."""
        x = x + self.positions(torch.arange(x.shape[1], device=x.device).unsqueeze(0))
        if second is not None and self.segment is not None:
            x = x + second.unsqueeze(-1) * self.segment
        x = self.projection(self.dropout(self.embedding_norm(x)))
        added = None if self.distances is None else self.distances(x.shape[1], x.device)
        for layer in self.layers:
            x = layer(x, mask, added)
        return x
