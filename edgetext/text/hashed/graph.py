"""The hashed words of a text as a tensor program: one convolution tells all of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.text.hashed.byte_rules import (
    BEGINS,
    ENDS,
    MOST_BYTES,
    SPACE,
    channels,
    separates,
)
from edgetext.text.hashed.grams import Grams
from edgetext.text.lengths import bound, tell
from edgetext.text.marks import CLS_BYTE
from edgetext.text.packed import PackTexts

# How far what is told of a place lies behind the first byte that its window has, of the prefix:
# words begin one place later than where their edge is told, and end where it is.
BEGIN_AT, END_AT = -2, -3
# What stands before each of several texts.
MARKED = (SPACE, CLS_BYTE, SPACE)


class HashedPieces(NamedTuple):
    """numbers: int64[m lengths], of the n-grams that end at each place, place by place, for
    ExecuTorch length by length; edges: int64[2 (1 + W)], the places before the first byte of each
    word, [CLS] first, and then those behind the last ones. A word's n-grams are those from behind
    the first of its two places to the second."""

    numbers: Tensor
    edges: Tensor


class FoldedPieces(NamedTuple):
    """HashedPieces of what is read of a text; places: int64[2 (1 + W)], the edges in the text that
    was given."""

    numbers: Tensor
    edges: Tensor
    places: Tensor


class HashedGraph(nn.Module):
    """The compiled form of Grams.

    counts float32[BYTE_VALUES, c]: what bytes count; weight float32[lengths + 2, 1, k, c], for
    ExecuTorch [lengths + 2, c, 1, k]: how much so in each n-gram's hash, for a begin at the next
    place, and for an end; bias float32[lengths + 2]. What goes over a word's edge counts so much
    below zero, and what is no edge so little, that a ReLU, which runtimes join to the convolution,
    leaves 0 of it.
    """

    counts: Tensor
    weight: Tensor
    bias: Tensor
    prefix: Tensor
    suffix: Tensor

    def __init__(self, grams: Grams, *, for_executorch: bool = False) -> None:
        super().__init__()
        self.for_executorch = for_executorch
        self.buckets = grams.buckets
        self.lengths = len(grams.lengths)
        edges, places = channels()
        apart = separates().astype(np.float32)
        counts = np.concatenate([grams.values.astype(np.float32), apart[None], edges])
        # A window ends with the byte after a place.
        width = grams.before + 2
        here = width - 2
        weight = np.zeros((self.lengths + 2, len(counts), width), np.float32)
        for row, (length, factors) in enumerate(zip(grams.lengths, grams.factors, strict=True)):
            for back in range(length):
                weight[row, : len(factors), here - back] = factors[:, back]
                if 0 < back < length - 1:
                    weight[row, len(factors), here - back] = -grams.crossing
        first = len(counts) - len(edges)
        for channel, (back, begin, end) in enumerate(places, start=first):
            weight[-2, channel, here + 1 - back] = begin
            weight[-1, channel, here - back] = end
        # A byte's counts lie side by side, so that they are read at once.
        counts = np.ascontiguousarray(counts.T)
        weight = weight[:, :, None] if for_executorch else weight.transpose(0, 2, 1)[:, None]
        self.register_buffer("counts", torch.from_numpy(counts), persistent=False)
        self.register_buffer("weight", torch.from_numpy(weight.copy()), persistent=False)
        prefix = torch.tensor(grams.prefix)[None]
        self.register_buffer("prefix", prefix, persistent=False)
        self.register_buffer("suffix", torch.tensor(grams.suffix)[None], persistent=False)
        # Sums of whole numbers: what reaches a threshold is above one less.
        bias = torch.tensor([0.0] * self.lengths + [1 - BEGINS, 1 - ENDS])
        self.register_buffer("bias", bias, persistent=False)
        assert here >= MOST_BYTES

    def forward(self, text: Tensor) -> HashedPieces:
        """text: uint8[1, n], n >= 1."""
        return self._read_marked(torch.cat([self.prefix, text.long(), self.suffix], dim=1))

    def packing(self, max_bytes: int) -> PackTexts:
        """Make what puts several texts into one stream for `read_several`. One space on either side
        of [CLS] is enough: what looks further back meets a byte that parts words all the same."""
        return PackTexts(max_bytes, before=MARKED, after=0, filler=SPACE)

    def read_several(self, stream: Tensor) -> HashedPieces:
        """stream: int64[m], of `packing`. Places count from the first byte of the first text."""
        around = self.prefix[:, : -len(MARKED)], stream.unsqueeze(0), self.suffix
        return self._read_marked(torch.cat(around, dim=1))

    def _sums(self, data: Tensor) -> Tensor:
        """Add up what places' bytes count.

        data: int64[1, m'] -> float32[1, lengths + 2, m, 1], for ExecuTorch [1, lengths + 2, 1, m]:
        XNNPACK multiplies matrices for a convolution of many channels, and not of a single one.
        """
        counts = nn.functional.embedding(data.unsqueeze(0), self.counts)
        if self.for_executorch:
            counts = counts.permute(0, 3, 1, 2)
        return nn.functional.conv2d(counts, self.weight, self.bias)

    def _read_marked(self, data: Tensor) -> HashedPieces:
        """data: int64[1, m], [CLS] before a text and spaces around both."""
        sums = self._sums(data).relu()
        hashes, edge = sums.split([self.lengths, 2], dim=1)
        numbers = hashes.long().remainder(self.buckets)
        if self.for_executorch:
            numbers = numbers.reshape(-1)
            # It takes nothing that nonzero gives of more than one dimension.
            flat = edge.reshape(-1).nonzero().reshape(-1)
            width = torch.full((1,), edge.shape[3])
            edges = flat.remainder(width)
        else:
            numbers = numbers.transpose(1, 2).reshape(-1)
            edges = edge.nonzero()[:, 2]
        bound(edges.shape[0], 2, 2 * data.shape[1])
        tell(edges.shape[0] % 2 == 0)
        return HashedPieces(numbers, edges)
