"""Multi-head self-attention in plain matrix products."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.models.layers.masking import hide_later


class SelfAttention(nn.Module):
    """Scaled dot-product self-attention (Vaswani et al. 2017, §3.2): float[B, T, D] -> the same.

    Queries, keys and values come from one Linear, because at batch 1 each operation costs more
    than its arithmetic. causal: no position sees a later one. head_width: of a head's queries, keys
    and values; by default D divided by `heads`, of which D must then be a multiple.
    """

    def __init__(
        self,
        dimension: int,
        heads: int,
        dropout: float,
        causal: bool = False,
        head_width: int | None = None,
    ) -> None:
        super().__init__()
        self.causal = causal
        self.heads = heads
        self.width = head_width or dimension // heads
        inner = heads * self.width
        self.qkv = nn.Linear(dimension, 3 * inner)
        self.output = nn.Linear(inner, dimension)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = x.shape
        qkv = self.qkv(x)
        if self.heads > 1:
            # Of one text in three dimensions, as bmm takes them: of four, ExecuTorch would make a
            # dozen operations more.
            several = () if batch == 1 else (batch,)
            heads = qkv.view(*several, length, 3 * self.heads, self.width).transpose(-3, -2)
            query, key, value = heads.chunk(3, dim=-3)  # float[heads, T, width] each
        else:
            query, key, value = qkv.chunk(3, dim=-1)
        product = torch.bmm if query.dim() == 3 else torch.matmul
        scores = product(query * self.width**-0.5, key.transpose(-1, -2))
        if self.causal:
            scores = scores + hide_later(scores)
        if mask is not None:
            hidden = ~(mask[:, None, :] if query.dim() == 3 else mask[:, None, None, :])
            scores = scores.masked_fill(hidden, float("-inf"))
        mixed = product(self.dropout(torch.softmax(scores, dim=-1)), value)
        if self.heads > 1:
            mixed = mixed.transpose(-3, -2).reshape(batch, length, self.heads * self.width)
        return self.output(mixed)


class SharedAttention(nn.Module):
    """Attention whose keys and values are the positions themselves: float[B, T, D] -> the same.

    One Linear makes the queries ("general" scores, Luong et al. 2015, §3.1), a quarter of the
    weights and half of the operators of SelfAttention.
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.query = nn.Linear(dimension, dimension)
        self.scale = dimension**-0.5

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        scores = torch.bmm(self.query(x) * self.scale, x.transpose(1, 2))
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, :], float("-inf"))
        return torch.bmm(torch.softmax(scores, dim=-1), x)


def check_attention(heads: int, attention_after: int | None, layers: int) -> None:
    """Check where an attention layer stands among an encoder's layers; ValueError in words."""
    if attention_after is None:
        return
    if attention_after > layers:
        raise ValueError(f"attention_after ({attention_after}) must not exceed layers ({layers})")
    if not heads:
        raise ValueError("attention_after needs an attention layer; set heads")
