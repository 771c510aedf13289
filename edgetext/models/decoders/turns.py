"""Where spans end and begin, which they do by turns."""

from __future__ import annotations

from torch import Tensor, nn

from edgetext.text.lengths import bound, tell


class Turns(nn.Module):
    """uint8[n, 2], whether a span ended before each place and whether one begins there -> int64[2
    S]: where the first begins, and ended, and so on.

    Both happen by turns, and where they do at one place, one ends first.
    """

    def forward(self, edges: Tensor) -> Tensor:
        turn = self.places(edges)
        bound(turn.shape[0], 2, 2 * edges.shape[0])
        tell(turn.shape[0] % 2 == 0)
        return turn

    def places(self, edges: Tensor) -> Tensor:
        """int64[2 S]: the rows of all that is not 0, from the first on."""
        return edges.nonzero()[:, 0]
