"""Multi-head self-attention in plain matrix products."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.models.layers.masking import hide_keys, hide_later
from edgetext.models.layers.segments import Mask, by_rows


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

    def forward(self, x: Tensor, mask: Mask) -> Tensor:
        return self.output(by_rows(self._mixed, mask, self.qkv(x)))

    def _mixed(self, mask: Tensor | None, qkv: Tensor) -> Tensor:
        batch, length, _ = qkv.shape
        if self.heads > 1:
            # Of one text in three dimensions, as bmm takes them: of four, ExecuTorch would make a
            # dozen operations more.
            several = () if mask is None and batch == 1 else (batch,)
            heads = qkv.view(*several, length, 3 * self.heads, self.width).transpose(-3, -2)
            query, key, value = heads.chunk(3, dim=-3)  # float[heads, T, width] each
        else:
            query, key, value = qkv.chunk(3, dim=-1)
        product = torch.bmm if query.dim() == 3 else torch.matmul
        scores = product(query * self.width**-0.5, key.transpose(-1, -2))
        if self.causal:
            scores = scores + hide_later(scores)
        scores = hide_keys(scores, mask)
        mixed = product(self.dropout(torch.softmax(scores, dim=-1)), value)
        if self.heads > 1:
            mixed = mixed.transpose(-3, -2).reshape(batch, length, self.heads * self.width)
        return mixed


class SharedAttention(nn.Module):
    """Attention whose keys and values are the positions themselves: float[B, T, D] -> the same.

    One Linear makes the queries ("general" scores, Luong et al. 2015, §3.1), a quarter of the
    weights and half of the operators of SelfAttention.
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.query = nn.Linear(dimension, dimension)
        self.scale = dimension**-0.5

    def forward(self, x: Tensor, mask: Mask) -> Tensor:
        return by_rows(self._mixed, mask, self.query(x) * self.scale, x)

    @staticmethod
    def _mixed(mask: Tensor | None, query: Tensor, x: Tensor) -> Tensor:
        scores = torch.bmm(query, x.transpose(1, 2))
        scores = hide_keys(scores, mask)
        return torch.bmm(torch.softmax(scores, dim=-1), x)


def check_attention(heads: int, attention_after: int | None, layers: int) -> None:
    """Check where an attention layer stands among an encoder's layers; ValueError in words."""
    if attention_after is None:
        return
    if attention_after > layers:
        raise ValueError(f"attention_after ({attention_after}) must not exceed layers ({layers})")
    if not heads:
        raise ValueError("attention_after needs an attention layer; set heads")
