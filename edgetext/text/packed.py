"""Several texts as one stream of bytes and marks, which a text graph reads as it reads one text.

Text graphs treat all positions alike, and nothing that they look for goes over [CLS] or over what
ends a text: so in a stream with both around each text they make of each what they make of it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from edgetext.text.marks import CLS_BYTE


class Stream(NamedTuple):
    """data: int64[m], each text among its marks; begin: int64[B], where each text's first byte
    stands, counted from that of the first text; truncated: int32[B]."""

    data: Tensor
    begin: Tensor
    truncated: Tensor


class PackTexts(nn.Module):
    """text uint8[n], all texts end to end, and offsets int64[B + 1], where each begins and the last
    one ends -> Stream.

    before: what stands before each text, [CLS] among it and else `filler`; after: how many of
    `filler` stand after each. What lies beyond a text's first `max_bytes` becomes `filler`, too.
    """

    def __init__(self, max_bytes: int, *, before: Sequence[int], after: int, filler: int) -> None:
        super().__init__()
        assert set(before) <= {CLS_BYTE, filler}
        self.max_bytes = max_bytes
        self.filler = filler
        self.before = len(before)
        self.around = len(before) + after
        self.mark_at = list(before).index(CLS_BYTE)

    def forward(self, text: Tensor, offsets: Tensor) -> Stream:
        size, texts = text.shape[0], offsets.shape[0] - 1
        begin = offsets[:-1]
        # Which text each byte is of; texts without bytes begin where another does.
        starts = torch.zeros(size + 1, dtype=torch.int64)
        owner = starts.scatter_add(0, begin, torch.ones_like(begin)).cumsum(0)[:-1] - 1
        place = torch.arange(size)
        read = place - begin.gather(0, owner) < self.max_bytes
        kept = torch.where(read, text.long(), self.filler)
        moved = begin + torch.arange(texts) * self.around
        data = torch.full((size + texts * self.around,), self.filler)
        data = data.scatter(
            0,
            torch.cat([place + owner * self.around + self.before, moved + self.mark_at]),
            torch.cat([kept, torch.full_like(begin, CLS_BYTE)]),
        )
        over = (offsets[1:] - begin > self.max_bytes).to(torch.int32)
        return Stream(data, moved, over)
