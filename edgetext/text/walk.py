"""Which of the longest pieces at every position are those that a text falls into."""

from __future__ import annotations

import torch
from torch import Tensor, nn

# Where the walk through a word ends: the position of the mark before the text.
FINISHED = 0


class Walk(nn.Module):
    """Follow the greedy matches from every word's start.

    Pointer doubling (Wyllie 1979): jumps[k] points 2^k matches on: to FINISHED when the word is
    used up. A position where nothing matches jumps to itself, and so does all that leads to it;
    where it is a word's first, it is FINISHED, and its match means [UNK]. A word that 2^D matches
    do not finish is [UNK]. Of the others the positions within 2^D - 1 matches of the start are
    marked, jump by jump.

    word_pieces: 2^D, the most pieces that a word may have.
    """

    def __init__(self, word_pieces: int) -> None:
        super().__init__()
        self.doublings = (word_pieces - 1).bit_length()

    def forward(self, match: Tensor, length: Tensor, edge: Tensor, boundary: Tensor) -> Tensor:
        """match, length int64[m]: see PieceLookup; edge bool[m]: a word begins or a space is here;
        boundary int64[m]: the same. Returns int64[m]: the match to emit at each position, 1 for
        [UNK]; 0 is nothing."""
        here = torch.arange(match.shape[0])
        target = torch.where(edge, FINISHED, here)
        jumps = [target.gather(0, here + length)]
        for _ in range(self.doublings):
            jumps.append(jumps[-1].gather(0, jumps[-1]))
        visited = (jumps.pop() < boundary).long()
        for jump in jumps:
            visited = visited.scatter_add(0, jump, visited)
        return torch.where(visited > 0, match, boundary)


class WalkBySums(Walk):
    """Walk without truth values, in sums and limits alone, which take ExecuTorch far less time
    than to choose."""

    def forward(self, match: Tensor, length: Tensor, edge: Tensor, boundary: Tensor) -> Tensor:
        """edge: not read."""
        here = torch.arange(match.shape[0])
        jumps = [(here - here * boundary).gather(0, here + length)]
        for _ in range(self.doublings):
            jumps.append(jumps[-1].gather(0, jumps[-1]))
        visited = (boundary - jumps.pop()).clamp(min=0)
        for jump in jumps:
            visited = visited.scatter_add(0, jump, visited)
        return boundary + visited.clamp(max=1) * (match - boundary)
