"""The likeliest pieces of all words at once (Kudo 2018, Unigram).

A word's best pieces up to each place are those up to an earlier place and one more, a step that is
taken at all places at once until it changes nothing: then all places are right, since each hangs on
earlier ones alone. Sums are those of `tokenizers`, in its floating point and from a word's start
on, so that equal sums are equal there and here, and of equal ones the longest last piece wins, as
there. ExecuTorch takes the places one after another, which is the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from edgetext.text.imported.settling import in_turn, settled
from edgetext.text.narrow import NarrowTables

# A word's pieces in a `.pte` are at most 2 to the power of this.
_DOUBLINGS = 14


class Viterbi(NarrowTables):
    """number int64[longest, m + 1] of the string of k + 1 symbols at each place, and boundary
    int64[m] -> visited bool[m], whether a piece ends before each place; piece int64[m], the number
    of the best last one before it; length int64[m], its symbols.

    scores: by number, but for `none`, which is no piece and above all others.
    """

    score: Tensor
    lengths: Tensor

    def __init__(self, scores: Sequence[float], longest: int, *, widen: bool) -> None:
        super().__init__(widen=widen)
        self.longest = longest
        self.none = len(scores)
        values = torch.tensor([*scores, -torch.inf], dtype=torch.float64)
        self.register_buffer("score", values, persistent=False)
        # The longest first, so that of equal sums it is the first.
        self._table("lengths", np.arange(longest, 0, -1)[:, None])

    def forward(self, number: Tensor, boundary: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        size, width = boundary.shape[0], number.shape[1]
        here = torch.arange(size)
        begin = (here - self.lengths.long()).clamp(min=0)
        at = (begin + (self.lengths.long() - 1) * width).reshape(-1)
        ending = number.reshape(-1).gather(0, at)
        score = self.score.gather(0, ending).reshape(self.longest, -1)
        begin = begin.reshape(-1)
        if self.widen:
            best = self._best(begin, score, boundary)
        else:
            best = self._best_in_turn(score, boundary)
        sums = best.gather(0, begin).reshape(self.longest, -1) + score
        row = sums.argmax(0)
        length = self.longest - row
        piece = ending.gather(0, row * size + here)
        # No piece ends before the first place, nor after what is none.
        back = (here - length).clamp(min=0) * (piece != self.none).long()
        visited = self._visited(back, boundary).logical_and(here > 0)
        return visited, piece, length

    def _best(self, begin: Tensor, score: Tensor, boundary: Tensor) -> Tensor:
        """The highest sum float64[m] of the pieces between a word's start and each place."""
        starts = boundary > 0
        zero = torch.zeros(1, dtype=torch.float64)
        best = torch.where(starts, zero, zero - torch.inf)
        return settled(_with_one_more, (best,), (begin, score, starts, zero))[0]

    def _best_in_turn(self, score: Tensor, boundary: Tensor) -> Tensor:
        """The same, one place after another; what is carried is that of the places before."""
        none = torch.full((self.longest,), -torch.inf, dtype=torch.float64)
        rows = score.t().contiguous(), (boundary > 0).unsqueeze(1)
        zero = torch.zeros(1, dtype=torch.float64)
        return in_turn(_at_next_place, none, rows, (zero,))[1].reshape(-1)

    def _visited(self, back: Tensor, boundary: Tensor) -> Tensor:
        """bool[m]: from every word's end the places that lead back to its start, by jumps of twice
        as many pieces each time (Wyllie 1979); place 0 is where they end."""
        jump = back * (1 - boundary.gather(0, back))
        if self.widen:
            return settled(_twice_as_far, (jump, boundary), ())[1] > 0
        visited = boundary
        for _ in range(_DOUBLINGS):
            jump, visited = _twice_as_far(jump, visited)
        return visited > 0


def _with_one_more(
    best: Tensor, begin: Tensor, score: Tensor, starts: Tensor, zero: Tensor
) -> tuple[Tensor]:
    sums = best.gather(0, begin).reshape(score.shape[0], -1) + score
    return (torch.where(starts, zero, sums.amax(0)),)


def _at_next_place(
    before: Tensor, score: Tensor, starts: Tensor, zero: Tensor
) -> tuple[Tensor, Tensor]:
    best = torch.where(starts, zero, (before + score).amax(0, keepdim=True))
    return torch.cat([before[1:], best]), best.clone()


def _twice_as_far(jump: Tensor, visited: Tensor) -> tuple[Tensor, Tensor]:
    return jump.gather(0, jump), visited.scatter_add(0, jump, visited)
