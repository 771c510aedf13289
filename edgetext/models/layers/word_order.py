"""What differs between two texts in the order of the pieces that both have."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from edgetext.text.vocabulary import CLS, PAD, UNK

# How much a counterpart at the other end of its text is worth less than one beside it, where a
# piece beside a match that matches too is worth 1.
FAR = 0.3


class WordOrder(nn.Module):
    """Counts of two texts, aligned piece by piece: how much of one is moved in the other.

    Two texts of the same words say the same or the opposite by their order (PAWS, Zhang et al.
    2019), which a sum over what pieces are like each other does not show. A piece's counterpart is
    the equal piece of the other text that is best by its neighbors and its place, if that piece's
    own best is this one. Two pieces cross where their counterparts stand in the other order; a step
    goes back where the next piece that has a counterpart has it before this one's. A clause that is
    moved makes one step back, two names that are exchanged make two.

    Of one row the logarithms of 1 + these: pieces with a counterpart, those without in either text,
    pairs that cross, the most that a piece crosses, the pieces that cross any, steps back and steps
    over others; and the share of the pairs that cross.
    """

    count = 9

    def forward(self, ids: Tensor, second: Tensor) -> Tensor:
        """Compare ids int64[B, T] of both texts -> float32[B, count]; second bool[B, T]: the second
        text and the padding behind it."""
        return self.joined(ids, second, _usable(ids), ids != PAD)

    def joined(self, ids: Tensor, second: Tensor, usable: Tensor, there: Tensor) -> Tensor:
        """Compare ids of any pieces: usable bool[B, T], those that may have a counterpart; there
        bool[B, T], what is no padding."""
        one, other = usable & ~second, usable & second
        match = (ids.unsqueeze(2) == ids.unsqueeze(1)) & one.unsqueeze(2) & other.unsqueeze(1)
        place = torch.arange(ids.shape[1], device=ids.device).to(torch.float32)
        begins = (~second).sum(1, keepdim=True)
        length = (second & there).sum(1, keepdim=True)
        places = (place / begins).unsqueeze(2), ((place - begins) / length).unsqueeze(1)
        return _counted(match, places[0] - places[1], one.sum(1), other.sum(1))

    def apart(self, ids: Tensor, ids_b: Tensor) -> Tensor:
        """Compare ids int64[1, T] and ids_b int64[1, U], without padding, in the same way."""
        usable, usable_b = _usable(ids), _usable(ids_b)
        match = ids.unsqueeze(2) == ids_b.unsqueeze(1)
        match = match & usable.unsqueeze(2) & usable_b.unsqueeze(1)
        place, place_b = (_places(x) for x in (ids, ids_b))
        apart = place.unsqueeze(2) - place_b.unsqueeze(1)
        return _counted(match, apart, usable.sum(1), usable_b.sum(1))


def _usable(ids: Tensor) -> Tensor:
    """bool[B, T]: the pieces that may have a counterpart, of ids int64[B, T]."""
    return (ids != CLS) & (ids != UNK) & (ids != PAD)


def _places(ids: Tensor) -> Tensor:
    """Give float32[1, T], where each piece of a text stands, from 0 to 1."""
    counted = torch.ones_like(ids).cumsum(1).to(torch.float32)
    return (counted - 1) / counted.amax(1, keepdim=True)


def _counted(match: Tensor, apart: Tensor, count: Tensor, count_b: Tensor) -> Tensor:
    """match bool[B, T, U]: equal pieces of two texts; apart float32[B, T, U]: how far their places
    are; count, count_b int64[B]: the usable pieces of each -> float32[B, WordOrder.count]."""
    equal = match.to(torch.float32)
    after = pad(equal, (0, 1, 0, 1))[:, 1:, 1:]
    before = pad(equal, (1, 0, 1, 0))[:, :-1, :-1]
    # More than 0 exactly where two pieces are equal.
    worth = equal * (2 + after + before - FAR * apart.abs())
    best, best_b = worth.argmax(2), worth.argmax(1)
    number = torch.ones_like(best).cumsum(1) - 1
    paired = (best_b.gather(1, best) == number) & (worth.amax(2) > 0)
    rank = paired.to(torch.int64).cumsum(1)
    ahead = rank.unsqueeze(1) - rank.unsqueeze(2)
    step = best.unsqueeze(1) - best.unsqueeze(2)
    both = paired.unsqueeze(2) & paired.unsqueeze(1)
    crossing = (both & (ahead > 0) & (step < 0)).to(torch.float32)
    beside = both & (ahead == 1)
    crossed = crossing.sum(2) + crossing.sum(1)
    pairs, shared = crossing.sum((1, 2)), paired.to(torch.float32).sum(1)
    counts = [
        shared,
        count - shared,
        count_b - shared,
        pairs,
        crossed.amax(1),
        (crossed > 0).to(torch.float32).sum(1),
        (beside & (step < 0)).to(torch.float32).sum((1, 2)),
        (beside & (step > 1)).to(torch.float32).sum((1, 2)),
    ]
    share = pairs / (shared * shared + 1)
    return torch.cat([torch.log(1 + torch.stack(counts, 1)), share.unsqueeze(1)], 1)
