"""A score for each sentence of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from edgetext.configs.heads import SummarizeConfig
from edgetext.models.decoders.summarize import SentenceNetwork
from edgetext.models.layers.attention import SelfAttention
from edgetext.models.layers.dropout import Dropout
from edgetext.models.network import Head
from edgetext.registry import register
from edgetext.text.vocabulary import CLS

# Keeps exp in the range of float32.
_LARGEST = 10.0


@register("head", "summarize")
class SummarizeHead(Head):
    """How good each sentence is as the summary of its text: {"sentences": float[B, S]}, -1e4 where
    a text has fewer.

    A sentence's vector is some weighted means of its pieces' (a learned query each, Yang et al.
    2016, §2.2), with its place from the beginning and from the end and its length. Sentences then
    see each other in layers of attention (Liu & Lapata 2019, §3.2). It is called with the ids,
    whose [CLS] begin the sentences.
    """

    network = SentenceNetwork

    Config = SummarizeConfig

    def __init__(
        self, config: SummarizeConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.places = config.places
        self.dropout = Dropout(config.dropout)
        self.query = nn.Linear(width, config.queries)
        self.content = nn.Linear(config.queries * width, config.hidden)
        self.place = nn.Linear(2 * config.places + 1, config.hidden)
        self.layers = nn.ModuleList(
            _SentenceLayer(config.hidden, config.heads, config.dropout)
            for _ in range(config.layers)
        )
        self.norm = nn.LayerNorm(config.hidden)
        self.score = nn.Linear(config.hidden, 1)

    def forward(self, x: Tensor, mask: Tensor | None, ids: Tensor) -> dict[str, Tensor]:
        begins = ids == CLS
        count = begins.sum(dim=1, keepdim=True)
        most = int(count.max())
        there = torch.arange(most, device=ids.device) < count
        # A sentence that is not there begins behind the last piece.
        first = (~begins).long().argsort(dim=1, stable=True)[:, :most]
        first = first.masked_fill(~there, ids.shape[1])
        scores = self.at(x, mask, first, there)
        return {"sentences": scores.masked_fill(~there, -1e4)}

    def at(self, x: Tensor, mask: Tensor | None, first: Tensor, there: Tensor | None) -> Tensor:
        """x float[B, T, D], the sentences' first pieces int64[B, S] -> scores float[B, S].

        there: bool[B, S], which sentences are real; None: all.
        """
        within = self._within(x.shape[1], first)
        if mask is not None:
            within = within * mask.unsqueeze(1).to(within.dtype)
        x = self.dropout(x)
        # Softmax over each sentence's pieces, for all sentences and queries in two products.
        weight = torch.exp(torch.clamp(self.query(x), -_LARGEST, _LARGEST))
        weighted = (weight.unsqueeze(-1) * x.unsqueeze(2)).reshape(*x.shape[:2], -1)
        total = torch.bmm(within, weight).clamp(min=1e-6)
        sums = torch.bmm(within, weighted).reshape(*total.shape, -1)
        means = (sums / total.unsqueeze(-1)).reshape(*total.shape[:2], -1)
        y = torch.relu(self.content(self.dropout(means)))
        y = y + self.place(self._features(within, first, there))
        for layer in self.layers:
            y = layer(y, there)
        scores: Tensor = self.score(self.dropout(self.norm(y))).squeeze(-1)
        return scores

    def _within(self, length: int, first: Tensor) -> Tensor:
        """float[B, S, T]: 1 where a piece belongs to a sentence."""
        piece = torch.arange(length, device=first.device).to(torch.float32)
        since = torch.clamp(piece - first.unsqueeze(-1).to(torch.float32) + 1, 0, 1)
        return since - pad(since, (0, 0, 0, 1))[:, 1:]

    def _features(self, within: Tensor, first: Tensor, there: Tensor | None) -> Tensor:
        """float[B, S, 2 * places + 1]: one-hot places from either end, and the length."""
        place = torch.arange(first.shape[1], device=first.device).to(torch.float32).unsqueeze(0)
        last = place[:, -1:] if there is None else there.sum(dim=1, keepdim=True).float() - 1
        kind = torch.arange(self.places, device=first.device).to(torch.float32)
        ends = (place, torch.clamp(last - place, min=0))
        hot = [
            torch.clamp(1 - (at.clamp(max=self.places - 1).unsqueeze(-1) - kind).abs(), 0, 1)
            for at in ends
        ]
        hot[0] = hot[0].expand(hot[1].shape)
        return torch.cat([*hot, within.sum(dim=-1, keepdim=True) / 32], dim=-1)


class _SentenceLayer(nn.Module):
    """Attention and two dense layers, each normalised before (Xiong et al. 2020) and added."""

    def __init__(self, dimension: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.attention = SelfAttention(dimension, heads, dropout)
        self.attention_norm = nn.LayerNorm(dimension)
        self.dense_norm = nn.LayerNorm(dimension)
        self.inner = nn.Linear(dimension, 2 * dimension)
        self.outer = nn.Linear(2 * dimension, dimension)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, there: Tensor | None) -> Tensor:
        x = x + self.dropout(self.attention(self.attention_norm(x), there))
        inner = self.dropout(torch.relu(self.inner(self.dense_norm(x))))
        return x + self.dropout(self.outer(inner))
