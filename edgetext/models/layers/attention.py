"""Multi-head self-attention in plain matrix products."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn

from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.masking import hide_keys, hide_later
from edgetext.models.layers.segments import Mask, by_rows
from edgetext.models.layers.windows import Windows


class SelfAttention(nn.Module):
    """Scaled dot-product self-attention (Vaswani et al. 2017, §3.2): float[B, T, D] -> the same.

    Queries, keys and values come from one Linear, because at batch 1 each operation costs more
    than its arithmetic. causal: no position sees a later one. head_width: of a head's queries, keys
    and values; by default D divided by `heads`, of which D must then be a multiple. window: how
    many positions a block has, where each sees those of three blocks alone (see Windows); None:
    each sees all.
    """

    def __init__(
        self,
        dimension: int,
        heads: int,
        dropout: float,
        causal: bool = False,
        head_width: int | None = None,
        window: int | None = None,
    ) -> None:
        super().__init__()
        assert window is None or not causal
        self.causal = causal
        self.window = window
        self.heads = heads
        self.width = head_width or dimension // heads
        inner = heads * self.width
        self.qkv = nn.Linear(dimension, 3 * inner)
        self.output = nn.Linear(inner, dimension)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, mask: Mask, added: Tensor | None = None) -> Tensor:
        """added: float[heads, T, T], what is added to the scores; not in windows."""
        assert added is None or self.window is None
        mixed = self._mixed_in_windows if self.window else partial(self._mixed, added=added)
        return self.output(by_rows(mixed, mask, self.qkv(x)))

    def _mixed(self, mask: Tensor | None, qkv: Tensor, added: Tensor | None) -> Tensor:
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
        if added is not None:
            scores = scores + added
        if self.causal:
            scores = scores + hide_later(scores)
        scores = hide_keys(scores, mask)
        mixed = product(self.dropout(torch.softmax(scores, dim=-1)), value)
        if self.heads > 1:
            mixed = mixed.transpose(-3, -2).reshape(batch, length, self.heads * self.width)
        return mixed

    def _mixed_in_windows(self, mask: Tensor | None, qkv: Tensor) -> Tensor:
        assert self.window is not None
        windows = Windows.of(qkv, mask, self.window)
        inner = self.heads * self.width
        # In one dimension of rows before they are parted, which then copies nothing more.
        rows, others = qkv.flatten(0, 1).split([inner, 2 * inner], dim=1)
        query = self._by_head(windows.queries(rows * self.width**-0.5))
        key, value = map(self._by_head, windows.keys(others).chunk(2, dim=2))
        hidden = windows.mask
        if hidden is not None and self.heads > 1:
            hidden = hidden.repeat_interleave(self.heads, dim=0)
        scores = hide_keys(torch.bmm(query, key.transpose(1, 2)), hidden)
        mixed = torch.bmm(self.dropout(torch.softmax(scores, dim=-1)), value)
        if self.heads > 1:
            apart = mixed.unflatten(0, (-1, self.heads)).transpose(1, 2)
            mixed = apart.clone(memory_format=torch.contiguous_format).flatten(2, 3)
        return windows.joined(mixed)

    def _by_head(self, x: Tensor) -> Tensor:
        """Give float[N, L, heads * width] as float[N * heads, L, width]."""
        if self.heads == 1:
            return x
        # Copied by itself: whether a reshape has to would be a question of lengths to an exporter.
        apart = x.unflatten(2, (self.heads, self.width)).transpose(1, 2)
        return apart.clone(memory_format=torch.contiguous_format).flatten(0, 1)


class SharedAttention(nn.Module):
    """Attention whose keys and values are the positions themselves: float[B, T, D] -> the same.

    One Linear makes the queries ("general" scores, Luong et al. 2015, §3.1), a quarter of the
    weights and half of the operators of SelfAttention. window: as there.
    """

    def __init__(self, dimension: int, window: int | None = None) -> None:
        super().__init__()
        self.window = window
        self.query = nn.Linear(dimension, dimension)
        self.scale = dimension**-0.5

    def forward(self, x: Tensor, mask: Mask) -> Tensor:
        mixed = self._mixed if self.window is None else self._mixed_in_windows
        return by_rows(mixed, mask, self.query(x) * self.scale, x)

    def _mixed_in_windows(self, mask: Tensor | None, query: Tensor, x: Tensor) -> Tensor:
        assert self.window is not None
        windows = Windows.of(x, mask, self.window)
        queries, keys = windows.queries(query.flatten(0, 1)), windows.keys(x.flatten(0, 1))
        return windows.joined(self._mixed(windows.mask, queries, keys))

    @staticmethod
    def _mixed(mask: Tensor | None, query: Tensor, x: Tensor) -> Tensor:
        scores = torch.bmm(query, x.transpose(1, 2))
        scores = hide_keys(scores, mask)
        return torch.bmm(torch.softmax(scores, dim=-1), x)


def has_windows(network: nn.Module) -> bool:
    """Whether attention of a network is in windows, whose lengths follow from a text's by more than
    a sum."""
    kinds = SelfAttention, SharedAttention
    return any(isinstance(x, kinds) and x.window is not None for x in network.modules())
