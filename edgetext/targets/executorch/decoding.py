"""What decodes a network's scores, in operators that ExecuTorch has."""

from __future__ import annotations

from torch import Tensor, nn

from edgetext.models.decoders.turns import Turns
from edgetext.models.replacement import replace_modules


class FlatTurns(Turns):
    """Turns by what nonzero gives of one dimension, since of more ExecuTorch can take nothing."""

    def places(self, edges: Tensor) -> Tensor:
        # In one row, column c of row r is at 2 r + c.
        return edges.reshape(-1).nonzero().reshape(-1) // 2


def prepare_decoding(answer: nn.Module) -> None:
    """Put the modules above in the places of those that they stand for, in place."""
    replace_modules(answer, lambda _, module: FlatTurns() if type(module) is Turns else module)
