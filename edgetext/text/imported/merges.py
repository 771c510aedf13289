"""Byte-pair merges of all words at once.

Sennrich et al. 2016 merge the pair of the lowest rank first, then the next, until none is left.
That takes a step a merge. Here all merges are judged at once, over and over: one happens when both
of its parts were made before it, and no merge before it took one of them away. Every merge depends
on earlier ones alone, so what is true of the first after one round, is true of those that hang on
them after two, and so on. Once a round changes nothing, the answer is the only one.

What is kept is, for each place between two bytes, the time at which a merge joins them: its rank
and, among equal ranks, its place. A string of bytes is one part from the time at which its last
inner place is joined.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from edgetext.text.imported.settling import settled
from edgetext.text.lengths import bound
from edgetext.text.narrow import NarrowTables

# Times are ranks times this, and the place.
PLACES = 1 << 20
# A rank above all, and its time.
_NO_RANK = 1 << 30
NEVER = _NO_RANK * PLACES
# So many rounds a `.pte` has. A word whose merges hang on each other so deeply is rare.
ROUNDS = 12
# Runs are halved so often, for the first guess.
_HALVINGS = 7
# An offset that leads to place 0, which nothing joins.
_TO_START = -PLACES


@dataclass(frozen=True)
class Merge:
    """left, right, whole: pieces as bytes; whole is what they become."""

    left: bytes
    right: bytes

    @property
    def whole(self) -> bytes:
        return self.left + self.right


class MergeRounds(NarrowTables):
    """number int64[longest, m + 1] of strings, boundary int64[m] and bytes int64[m] -> joined
    bool[m]: whether a byte goes on with the piece of the byte before.

    See text.imported.strings; the strings of `merges` have the numbers from 1 on, in their order,
    and 0 stands for the mark before the text, where alone it must be.

    In ExecuTorch, which has no loop over tensors of any size, there are ROUNDS, and a word of which
    the last one still changed something falls to bytes. So that long runs of one byte, as of
    spaces, need few of them, the first guess there is that their halves were merged in turn.
    """

    def __init__(self, merges: Sequence[Merge], *, widen: bool) -> None:
        super().__init__(widen=widen)
        self.count = len(merges) + 1
        rank = {merge.whole: number for number, merge in enumerate(merges)}
        split = {merge.whole: len(merge.left) for merge in merges}
        places = [[_TO_START] * 2 + [0, 0, 0]]
        ranks = [[_NO_RANK] * 3]
        for number, merge in enumerate(merges):
            left, right = split.get(merge.left), split.get(merge.right)
            places.append(
                [
                    _TO_START if left is None else left,
                    _TO_START if right is None else len(merge.left) + right,
                    0,
                    len(merge.whole),
                    len(merge.left),
                ]
            )
            ranks.append([rank.get(merge.left, _NO_RANK), rank.get(merge.right, _NO_RANK), number])
        colors = color(merges)
        self.colors = max(colors, default=0) + 1
        self._table("places", np.array(places).T.copy())
        self._table("ranks", np.array(ranks).T.copy())
        self._table("color", np.array([0, *colors]))
        # The row of `number` that has strings of this length.
        self._table("row", np.array([0, *(len(merge.whole) - 1 for merge in merges)]))

        if not widen:
            self._read_halvings(rank, split)

    def _read_halvings(self, rank: Mapping[bytes, int], split: Mapping[bytes, int]) -> None:
        """rank, split: of each string that a merge makes, and how long its left part is."""
        halving = np.full((256, _HALVINGS), _NO_RANK, np.int64)
        for byte in range(256):
            for power in range(_HALVINGS):
                run = bytes([byte]) * 2 ** (power + 1)
                if split.get(run) != 2**power:
                    break
                halving[byte, power] = rank[run]
        self._table("halving", halving.reshape(-1))
        powers = [(at & -at).bit_length() - 1 for at in range(1, 1 << _HALVINGS)]
        self._table("power", np.array([0, *powers]))
        # A run's first byte is joined to nothing.
        self._table("step", np.array([PLACES, *(2**power for power in powers)]))

    places: Tensor
    ranks: Tensor

    def forward(self, number: Tensor, boundary: Tensor, data: Tensor) -> Tensor:
        size, width = boundary.shape[0], number.shape[1]
        flat = number.reshape(-1)
        candidate = (flat < self.count).nonzero().reshape(-1)
        bound(candidate.shape[0], 1, flat.shape[0])
        which = flat.gather(0, candidate)
        begin = candidate - self._read("row", which) * width
        place = (self.places.long().index_select(1, which) + begin).clamp(min=0)
        parts, ends, middle = place[:2], place[2:4], place[4:]
        rank = self.ranks.long().index_select(1, which) * PLACES
        finished = rank[:2] + parts
        time = rank[2:] + middle
        # The parts were joined when they were, not before; their ends are joined later or never.
        looked = torch.cat([parts, ends]).reshape(-1)
        least = torch.cat([finished, (time + 1).expand(2, -1)])
        most = torch.cat([finished, torch.full_like(finished, NEVER)])
        slot = (self._read("color", which) * size + middle.reshape(-1)).reshape(-1)
        nothing = torch.full((self.colors * size,), NEVER)
        given = looked, least, most, time, slot, nothing
        if self.widen:
            joined = torch.full_like(boundary, NEVER)
            return settled(self._judged, (joined,), given)[0] < NEVER
        joined = last = self._halved(data, boundary)
        for _ in range(ROUNDS):
            last = joined
            (joined,) = self._judged(joined, *given)
        return self._settled(joined, last, boundary)

    def _judged(
        self,
        joined: Tensor,
        looked: Tensor,
        least: Tensor,
        most: Tensor,
        time: Tensor,
        slot: Tensor,
        nothing: Tensor,
    ) -> tuple[Tensor]:
        """One round: the times int64[m] at which places are joined, by those of the last one."""
        known = joined.gather(0, looked).reshape(4, -1)
        # Comparisons, since no host gets them wrong: see text.large.
        right = (known >= least).logical_and(known <= most)
        happens = torch.where(right, time, NEVER).amax(0)
        return (nothing.scatter(0, slot, happens).reshape(self.colors, -1).amin(0),)

    def _halved(self, data: Tensor, boundary: Tensor) -> Tensor:
        """The times int64[m] at which runs of a byte would be joined by themselves."""
        size = data.shape[0]
        place = torch.arange(size)
        other = torch.cat([boundary[:1], (data[1:] != data[:-1]).long()])
        other = torch.maximum(other, boundary)
        begins = other.nonzero().reshape(-1)
        bound(begins.shape[0], 1, size)
        run = other.cumsum(0)
        end = torch.cat([begins[1:], torch.full((1,), size)]).gather(0, run - 1)
        inside = (place - begins.gather(0, run - 1)).clamp(max=(1 << _HALVINGS) - 1)
        power = self._read("power", inside)
        rank = self._read("halving", data.clamp(max=255) * _HALVINGS + power)
        fits = place + self._read("step", inside) <= end
        return torch.where(fits, rank * PLACES + place, NEVER).clamp(max=NEVER)

    def _settled(self, joined: Tensor, last: Tensor, boundary: Tensor) -> Tensor:
        """bool[m]: what is joined in the words of which the last round changed nothing."""
        word = boundary.cumsum(0) - 1
        changed = (joined != last).long()
        open_ = torch.zeros_like(word).scatter_add(0, word, changed).gather(0, word)
        return (joined < NEVER).logical_and(open_ == 0)


def color(merges: Sequence[Merge]) -> list[int]:
    """Give each merge a color that no other has which can join the same place of a text."""
    rivals = _rivals(merges)
    colors = [-1] * len(merges)
    for number in sorted(range(len(merges)), key=lambda n: -len(rivals[n])):
        taken = {colors[other] for other in rivals[number]}
        colors[number] = next(c for c in range(len(merges) + 1) if c not in taken)
    return colors


def _rivals(merges: Sequence[Merge]) -> list[set[int]]:
    """For each merge the others that can join the same place: the left part of one ends with that
    of the other, and the right part of one begins with that of the other."""
    by_parts = {(merge.left, merge.right): number for number, merge in enumerate(merges)}
    rights: dict[bytes, list[bytes]] = {}
    for merge in merges:
        rights.setdefault(merge.left, []).append(merge.right)
    for parts in rights.values():
        parts.sort()
    rivals: list[set[int]] = [set() for _ in merges]
    for number, merge in enumerate(merges):
        others = set()
        for at in range(len(merge.left)):
            left = merge.left[at:]
            if left not in rights:
                continue
            parts = rights[left]
            within = (merge.right[:end] for end in range(1, len(merge.right) + 1))
            others |= {(left, right) for right in within}
            if at:
                for right in parts[bisect_right(parts, merge.right) :]:
                    if not right.startswith(merge.right):
                        break
                    others.add((left, right))
        for parts_of_other in others:
            other = by_parts.get(parts_of_other)
            if other is not None and other != number:
                rivals[number].add(other)
                rivals[other].add(number)
    return rivals
