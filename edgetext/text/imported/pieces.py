"""The pieces of a text without special tokens."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

# No UTF-8 has it, so it stands for the end of a text, and for what was cut off.
END_BYTE = 0xFF


class Cut(NamedTuple):
    """ids: int64[1 + P]; word: int64[1 + W], index in ids of each word's first piece; start, end:
    int64[1 + P], each piece's bytes, end exclusive.

    Row 0 of all is a mark before the text, bytes 0 to 0, so that nothing after it has to answer for
    an empty tensor.
    """

    ids: Tensor
    word: Tensor
    start: Tensor
    end: Tensor


def kept_pieces(emits: Tensor, room: int | None) -> tuple[Tensor, Tensor]:
    """emits int64[k], 1 where a piece is, the mark first -> the same, but for pieces that there is
    no room for, and truncated int32[1]. The mark takes no room."""
    if room is None:
        return emits, torch.zeros(1, dtype=torch.int32)
    count = emits.cumsum(0)
    return emits * (count <= room + 1).long(), (count[-1:] > room + 1).to(torch.int32)
