"""How spans are decoded, in operators that ONNX Runtime has and PyTorch lacks.

It stands in for the decoder of one text's spans while a file is written and cannot run in PyTorch.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d
from torch.onnx.ops import symbolic

from edgetext.models.decoders.labels import Scores, TagDecoder
from edgetext.models.decoders.spans import SMALLEST
from edgetext.models.replacement import put_module
from edgetext.text.lengths import bound, tell

# What the kinds O, I and B count of the word before a place, of that at it and of the one behind
# it, where neither stands before [CLS] or behind the text: there all count 0. Above 0 is the sum,
# with the bias, where a span begins behind the place, and where the place is a span's last word.
# [CLS] itself is told by what it lacks, a word before it: whatever its scores say, the next word
# goes on with nothing, and no span ends there.
BEGINS = [[-1, -1, -1], [0, -1, -1], [0, 2, 3]]
LAST = [[1, 1, 1], [0, 1, 1], [0, -1, 0]]
BIAS = [0, -1]


class OnnxTagDecoder(TagDecoder):
    """TagDecoder by one convolution over the words' kinds, which tells begins and ends at once, in
    the place of ten operators that look for them one after the other.

    Buffers: `places` float[2, 1, 3, 3] and `bias` float[2] are those of the convolution; `kinds` is
    float[1, 1, K, 3] here, so that its product is an image for it; `behind` and
    `bytes_at` are int64[1, 2, 1].
    """

    kinds: Tensor
    places: Tensor
    bias: Tensor
    behind: Tensor

    def __init__(self, decoder: TagDecoder) -> None:
        super().__init__(len(decoder.decoder.kinds))
        kinds = decoder.decoder.kinds[None, None]
        self.register_buffer("kinds", kinds, persistent=False)
        places = torch.tensor([[BEGINS], [LAST]], dtype=torch.float32)
        self.register_buffer("places", places, persistent=False)
        bias = torch.tensor(BIAS, dtype=torch.float32)
        self.register_buffer("bias", bias, persistent=False)
        self.register_buffer("bytes_at", decoder.bytes_at[None], persistent=False)
        self.register_buffer("behind", torch.tensor([[[1], [0]]]), persistent=False)

    def forward(self, scores: Scores, first: Tensor, start: Tensor, end: Tensor) -> tuple[Tensor]:
        places, label = self._spans(scores["tags"].index_select(1, first))
        opening, closing = (places + self.behind).split(1, dim=1)
        return (_rows([label, _taken(start, opening), _taken(end, closing)]),)

    def of_words(self, scores: Scores, edges: Tensor) -> tuple[Tensor]:
        places, label = self._spans(scores["tags"])
        # Adding gives the dimension that stands before rows.
        at = edges + self.bytes_at
        return (_rows([label, at.gather(2, places + self.behind)]),)

    def _spans(self, tags: Tensor) -> tuple[Tensor, Tensor]:
        """tags float[1, 1 + W, K] -> the word before each span's first one and its last one,
        int64[2, S], and its label, int64[1, 1, S]."""
        chances = torch.softmax(tags, dim=-1)
        sums = torch.matmul(chances, self.kinds)
        kind: Tensor = symbolic(
            "Hardmax", (sums,), {"axis": -1}, dtype=sums.dtype, shape=sums.shape
        )
        edge = conv2d(kind, self.places, self.bias, padding=(1, 0)).relu()
        turn = edge.nonzero()[:, 2]
        bound(turn.shape[0], 0, 2 * tags.shape[1])
        tell(turn.shape[0] % 2 == 0)
        places = turn.reshape(2, -1)
        votes = torch.log(chances[..., 1::2] + chances[..., 2::2] + SMALLEST).cumsum(dim=1)
        before, after = _taken(votes, places, axis=1).split(1, dim=1)
        # An axis that is counted from the front: see EMPTY of targets.onnx.promise.
        return places, (after - before).argmax(dim=3)


def _taken(values: Tensor, places: Tensor, axis: int = 0) -> Tensor:
    """Take values at places, whose dimensions stand in the place of an axis."""
    shape = [*values.shape[:axis], *places.shape, *values.shape[axis + 1 :]]
    taken: Tensor = symbolic(
        "Gather", (values, places), {"axis": axis}, dtype=values.dtype, shape=shape
    )
    return taken


def _rows(columns: list[Tensor]) -> Tensor:
    """Columns int64[1, k, S], one behind the other -> int32[S, columns]."""
    return torch.cat(columns, dim=1).to(torch.int32).transpose(1, 2).squeeze(0)


def prepare_decoding(answer: nn.Module) -> None:
    """Put the decoder above in the places of those that it stands for, in place."""
    for name, module in list(answer.named_modules()):
        if type(module) is TagDecoder:
            put_module(answer, name, OnnxTagDecoder(module))
