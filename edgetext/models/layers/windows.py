"""Attention of long texts by blocks of pieces, each with a window of pieces around it.

What attention costs grows with the square of a text's length, and with windows as the length does
(Longformer, Beltagy et al. 2020, §3.1; by blocks as BigBird, Zaheer et al. 2020, §2, has it).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import embedding

# A block sees itself and as many pieces on either side.
BLOCKS = 3


class Windows(NamedTuple):
    """Blocks of at most `window` pieces, and for each as many pieces as three blocks have, or as
    the text has: those of its own block and of its two neighbours, at a text's ends of the three
    blocks there. So every window is full, none needs a mask, and a text of no more pieces than a
    window sees all of itself, as it does without windows.

    query, key: int64[N, Q] and int64[N, K], N blocks of all rows: where the pieces of each block
    and of its window are, counted over all rows; position: int64[B, T], where pieces are in blocks;
    mask: of the pieces of windows, as hide_keys takes it, [N, K], or None where every piece is
    real.
    """

    query: Tensor
    key: Tensor
    position: Tensor
    mask: Tensor | None

    @classmethod
    def of(cls, x: Tensor, mask: Tensor | None, window: int) -> Windows:
        """x: float[B, T, D]; mask: bool[B, T], Rows.hidden, or None for one text."""
        length: Any = x.shape[1]
        # The lengths are computed as numbers, whose bounds exporters know.
        width = torch.sym_min(length, BLOCKS * window)
        block = torch.arange(torch.sym_min(length, window), device=x.device)
        around = torch.arange(width, device=x.device)
        begin = torch.arange(0, length, window, device=x.device).unsqueeze(1)
        position = torch.arange(length, device=x.device).unsqueeze(0)
        # What the last block lacks is its last piece once more.
        query = (begin + block).clamp(max=length - 1)
        before = begin - window
        if mask is None and x.shape[0] == 1:
            key = before.clamp(0, length - width) + around
            return cls(query, key, position, None)
        row = torch.arange(x.shape[0], device=x.device)[:, None, None]
        if mask is None:
            mask = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
        # Of each text those that it has itself, however long the others are.
        real = mask if mask.dtype == torch.bool else mask == 0
        most = (real.sum(dim=1)[:, None, None] - width).clamp(min=0)
        key = torch.minimum(before.clamp(min=0), most) + around + row * length
        key = key.flatten(0, 1)
        return cls(
            (query + row * length).flatten(0, 1),
            key,
            position + row.squeeze(2) * query.numel(),
            embedding(key, mask.reshape(-1, 1)).squeeze(2),
        )

    def queries(self, rows: Tensor) -> Tensor:
        """Give rows float[B T, D] to each block, float[N, Q, D]."""
        return embedding(self.query, rows)

    def keys(self, rows: Tensor) -> Tensor:
        """Give rows float[B T, D] to each window, float[N, K, D]."""
        return embedding(self.key, rows)

    def joined(self, mixed: Tensor) -> Tensor:
        """Give what blocks have, float[N, Q, D], to the pieces: float[B, T, D]."""
        return embedding(self.position, mixed.flatten(0, 1))
