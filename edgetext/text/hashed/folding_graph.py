"""Folding as a tensor program: a trie tells what begins at a byte, a convolution what is left."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.text.ahead import LookAhead
from edgetext.text.hashed.byte_rules import SPACE
from edgetext.text.hashed.folding import REACH, Folding
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.graph import BEGIN_AT, END_AT, MARKED, FoldedPieces, HashedGraph
from edgetext.text.lengths import bound, tell
from edgetext.text.marks import BYTE_VALUES
from edgetext.text.symbols import lay_out_continuation
from edgetext.text.trie import TrieReader

# So many bytes before a place tell whether it is within a character.
BEHIND = len(REACH)
# No text has so many bytes: torch.export multiplies the most that there can be by two, and the ONNX
# exporter fails where that is beyond 63 bits.
MOST = 1 << 40


class FoldBytes(TrieReader):
    """The compiled form of Folding.

    counts float32[codes, 2] and weight float32[1, 1, BEHIND + 1, 2]: their sum over a window that
    ends with a byte is 1 or more where the byte is left out.
    """

    counts: Tensor
    weight: Tensor

    def __init__(self, folding: Folding, *, widen: bool) -> None:
        super().__init__(widen=widen)
        tables = folding.tables()
        self.ahead = LookAhead()
        self._table("root", tables.root)
        self._table("continuation", lay_out_continuation(BYTE_VALUES))
        self._table("trie", tables.trie)
        self._table("value", tables.value)
        self.register_buffer("counts", torch.from_numpy(tables.counts), persistent=False)
        weight = torch.zeros(1, 1, BEHIND + 1, 2)
        weight[..., -1, 0] = 1
        weight[..., :-1, 1] = torch.tensor(REACH).flip(0)
        self.register_buffer("weight", weight, persistent=False)

    def forward(self, data: Tensor, around: int) -> tuple[Tensor, Tensor]:
        """Fold bytes and marks.

        data: int64[BEHIND + n + LOOK_AHEAD], spaces at both ends. around: how many of the n are
        left whatever the text. Returns what is read, int64[k], and where it stood among the n,
        int64[k].
        """
        code = self._codes(data)
        counts = nn.functional.embedding(code.reshape(1, 1, -1), self.counts)
        read = nn.functional.conv2d(counts, self.weight).reshape(-1) < 1
        place = read.nonzero().reshape(-1)
        bound(place.shape[0], around, read.shape[0])
        tell(place.shape[0] <= MOST)
        return self._read("value", code.gather(0, place + BEHIND), wide=self.widen), place


class FoldedGraph(HashedGraph):
    """A HashedGraph of what Folding reads of a text."""

    before: Tensor
    space: Tensor
    shift: Tensor

    def __init__(self, grams: Grams, folding: Folding, *, for_executorch: bool = False) -> None:
        super().__init__(grams, for_executorch=for_executorch)
        self.fold = FoldBytes(folding, widen=not for_executorch)
        before = torch.tensor([*[SPACE] * BEHIND, *grams.prefix])
        self.register_buffer("before", before, persistent=False)
        self.register_buffer("space", torch.tensor([SPACE]), persistent=False)
        # From an edge to the byte that it is about, of what stands before a text and the text.
        shift = torch.tensor([[BEGIN_AT], [END_AT]]) + len(grams.prefix)
        self.register_buffer("shift", shift, persistent=False)
        self.around = len(grams.prefix) + len(grams.suffix)

    def forward(self, text: Tensor) -> FoldedPieces:  # type: ignore[override]
        """text: uint8[1, n], n >= 1."""
        return self._read_folded([self.before, text.reshape(-1).long()])

    def read_several(self, stream: Tensor) -> FoldedPieces:  # type: ignore[override]
        """See HashedGraph."""
        return self._read_folded([self.before[: -len(MARKED)], stream])

    def _read_folded(self, begin: list[Tensor]) -> FoldedPieces:
        data = torch.cat([*begin, self.space, self.fold.ahead.suffix.long()])
        read, place = self.fold(data, self.around)
        numbers, edges = self._read_marked(read.unsqueeze(0))
        at = (edges.reshape(2, -1) + self.shift).reshape(-1)
        places = place.gather(0, at).reshape(2, -1) - self.shift
        return FoldedPieces(numbers, edges, places.reshape(-1))
