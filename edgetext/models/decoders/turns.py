"""Where spans end and begin, which they do by turns."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.text.lengths import bound


class Turns(nn.Module):
    """uint8[n, 2], whether a span ended before each place and whether one begins there -> int64[S,
    2]: where each begins, and ended.

    Both happen by turns, and where they do at one place, one ends first. columns: int64[1, 2], what
    each column has added to a place that comes first of both, the begin.
    """

    columns: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("columns", torch.tensor([[1, 0]]), persistent=False)

    def forward(self, edges: Tensor) -> Tensor:
        turn = self.places(edges)
        bound(turn.shape[0], 2, 2 * edges.shape[0])
        torch._check(turn.shape[0] % 2 == 0)
        return turn.reshape(-1, 2) - self.columns

    def places(self, edges: Tensor) -> Tensor:
        """int64[2 S]: row + column of all that is not 0, the rows from the first on."""
        return edges.nonzero().sum(dim=1)
