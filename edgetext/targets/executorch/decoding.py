"""What decodes a network's scores, in operators that ExecuTorch has."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.models.decoders.spans import SpanDecoder
from edgetext.models.decoders.turns import Turns
from edgetext.models.replacement import put_module, replace_modules


class FlatTurns(Turns):
    """Turns by what nonzero gives of one dimension, since of more ExecuTorch can take nothing."""

    def places(self, edges: Tensor) -> Tensor:
        # In one row, column c of row r is at 2 r + c.
        return edges.reshape(-1).nonzero().reshape(-1) // 2


# The most bytes of a matrix that adds tags up to labels: with each label more it takes more of a
# file, and more time than what it saves.
LARGEST = 1 << 14


class VotesByProducts(SpanDecoder):
    """A SpanDecoder whose votes are a product, too: XNNPACK runs it with all that stands around it,
    and takes no slice of every other column, which would part the two. Zeros change no sum."""

    def __init__(self, decoder: SpanDecoder) -> None:
        super().__init__(len(decoder.kinds))
        self.turns = decoder.turns

    def _of_labels(self, tags: Tensor) -> Tensor:
        return torch.matmul(tags, self.pairs)


def prepare_decoding(answer: nn.Module) -> None:
    """Put the modules above in the places of those that they stand for, in place."""
    for name, module in list(answer.named_modules()):
        if type(module) is SpanDecoder and module.pairs.nbytes <= LARGEST:
            put_module(answer, name, VotesByProducts(module))
    replace_modules(answer, lambda _, module: FlatTurns() if type(module) is Turns else module)
