"""The likeliest pieces of all words at once (Kudo 2018, Unigram).

A word's best pieces up to each place are those up to an earlier place and one more. Each round
takes one more piece at all places, in the floating point of `tokenizers`, so that equal sums are
equal there and here, and of equal ones the longest last piece wins, as there. After R rounds the
first R pieces of a word are right. A longer word is begun anew at places that no piece reaches
across, which its best pieces must have between them whatever stands before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from edgetext.text.lengths import bound
from edgetext.text.narrow import NarrowTables

# Below all sums of scores.
LOW = -1e12
# The most pieces of a word are 2 to the power of this.
_DOUBLINGS = 10


class Viterbi(NarrowTables):
    """number int64[longest, m + 1] of the string of k + 1 symbols at each place, and boundary
    int64[m] -> visited bool[m], whether a piece ends before each place; piece int64[m], the number
    of the best last one before it; length int64[m], its symbols.

    scores: by number, the last for no string at all. rounds: see this module's docstring.
    """

    score: Tensor

    def __init__(self, scores: Sequence[float], longest: int, rounds: int, *, widen: bool) -> None:
        super().__init__(widen=widen)
        self.longest = longest
        self.rounds = rounds
        self.none = len(scores)
        values = torch.tensor([*scores, LOW], dtype=torch.float64)
        self.register_buffer("score", values, persistent=False)
        # The longest first, so that of equal sums it is the first.
        self._table("lengths", np.arange(longest, 0, -1)[:, None])

    lengths: Tensor

    def forward(self, number: Tensor, boundary: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        size, width = boundary.shape[0], number.shape[1]
        here = torch.arange(size)
        begin = (here - self.lengths.long()).clamp(min=0)
        at = (begin + (self.lengths.long() - 1) * width).reshape(-1)
        ending = number.reshape(-1).gather(0, at)
        score = self.score.gather(0, ending).reshape(self.longest, -1)
        starts = boundary > 0
        anew = self._anew(number, ending.reshape(self.longest, -1), boundary)
        starts = starts.logical_or(anew)
        zero = torch.zeros(1, dtype=torch.float64)
        best = torch.where(starts, zero, zero + LOW)
        begin = begin.reshape(-1)
        for _ in range(self.rounds - 1):
            sums = best.gather(0, begin).reshape(self.longest, -1) + score
            best = torch.where(starts, zero, sums.amax(0))
        sums = best.gather(0, begin).reshape(self.longest, -1) + score
        row = sums.argmax(0)
        length = self.longest - row
        piece = ending.gather(0, row * size + here)
        # No piece ends before the first place.
        visited = self._visited(here - length, boundary).logical_and(here > 0)
        return visited, piece, length

    def _anew(self, number: Tensor, ending: Tensor, boundary: Tensor) -> Tensor:
        """bool[m]: places far in their words that no string of several symbols reaches across."""
        size = boundary.shape[0]
        here = torch.arange(size)
        begun = (number[1:] != self.none).long().sum(0)[:-1]
        ended = (ending[:-1] != self.none).long().sum(0)
        before = torch.cat([torch.zeros(1, dtype=torch.int64), begun[:-1]])
        across = (before - ended).cumsum(0)
        words = boundary.nonzero().reshape(-1)
        bound(words.shape[0], 1, size)
        inside = here - words.gather(0, boundary.cumsum(0) - 1)
        return (across == 0).logical_and(inside >= self.rounds)

    def _visited(self, back: Tensor, boundary: Tensor) -> Tensor:
        """bool[m]: from every word's end the places that lead back to its start; see
        text.walk.Walk."""
        back = back.clamp(min=0)
        jump = back * (1 - boundary.gather(0, back))
        jumps = [jump]
        for _ in range(_DOUBLINGS - 1):
            jumps.append(jumps[-1].gather(0, jumps[-1]))
        visited = boundary
        for jump in jumps:
            visited = visited.scatter_add(0, jump, visited).clamp(max=1)
        return visited > 0
