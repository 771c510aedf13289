"""The language model's two stages: from bytes to what may follow, and to the likeliest of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.export import Dim

from edgetext.models.decoders.decoder import Decoder
from edgetext.models.network import Network
from edgetext.models.pipeline import SPACE
from edgetext.text.graph import TextGraph
from edgetext.text.typed import ROWS, PieceOrder, ReadTyped
from edgetext.text.vocabulary import CLS, PAD, Vocabulary


class KeepEnd(nn.Module):
    """uint8[1, n] -> its last max_bytes bytes and truncated int32[1].

    The rest of a character that the cut has divided is no valid UTF-8 and emits no piece.

    bounded: the caller promises n <= max_bytes + 1, so that no length depends on another. The byte
    too many is then overwritten with a space, which emits no piece.
    """

    def __init__(self, max_bytes: int, *, bounded: bool = False) -> None:
        super().__init__()
        self.max_bytes = max_bytes
        self.bounded = bounded

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor]:
        if not self.bounded:
            over = torch.full((1,), text.shape[1]) > self.max_bytes
            return text[:, -self.max_bytes :], over.to(torch.int32)
        position = torch.arange(text.shape[1])
        over = (position[-1:] >= self.max_bytes).long()
        kept = torch.where(position >= over, text, SPACE).to(torch.uint8)
        return kept, over.to(torch.int32)


class ReadUnfinished(nn.Module):
    """Bytes -> what the network takes.

    text uint8[1, n], n >= 1 -> ids int64[1, T]; rows, low, high, typed int64[R] (see text.typed)
    and truncated int32[1]. `for_executorch` needs n <= max_bytes + 1.
    """

    def __init__(
        self, vocabulary: Vocabulary, max_bytes: int, *, for_executorch: bool = False
    ) -> None:
        super().__init__()
        self.cut = KeepEnd(max_bytes, bounded=for_executorch)
        self.pieces = TextGraph(vocabulary, widen=not for_executorch)
        self.typed = ReadTyped(vocabulary)

    def forward(self, text: Tensor) -> tuple[Tensor, ...]:
        kept, truncated = self.cut(text)
        pieces = self.pieces(kept)
        return pieces.ids.unsqueeze(0), *self.typed(kept, pieces), truncated


class AnswerNext(nn.Module):
    """ids int64[1, T]; rows, low, high, typed int64[R] -> the likeliest pieces; see NextDecoder."""

    takes = 5

    def __init__(self, network: Network, decoder: NextDecoder) -> None:
        super().__init__()
        self.network = network
        self.decoder = decoder

    def forward(
        self, ids: Tensor, rows: Tensor, low: Tensor, high: Tensor, typed: Tensor
    ) -> tuple[Tensor, ...]:
        network = self.network
        states = network.encoder(network.embedding(ids), None)
        head: Any = network.head
        scores = head.at(states, rows, network.embedding)
        outputs: tuple[Tensor, ...] = self.decoder(scores, ids, rows, low, high, typed)
        return outputs

    @staticmethod
    def shapes(max_bytes: int) -> tuple[dict[int, Dim], ...]:
        rows = Dim("rows", min=1, max=ROWS)
        return {1: Dim("pieces", min=1, max=max_bytes + 1)}, *({0: rows},) * 4


class NextDecoder(Decoder):
    """scores float[1, R, V] at the rows -> ids int32[1, k], scores float32[1, k],
    typed int32[1, k], bytes uint8[1, k, LONGEST].

    A score is the probability of the piece, given the text and the bytes that were typed of the
    word; it is 0 where fewer than k pieces are possible. `typed` bytes of the piece stand there
    already. The id of [CLS], with no bytes, stands for "nothing: the word is finished as it is".
    """

    count = 4
    rank: Tensor
    text: Tensor

    def __init__(self, vocabulary: Vocabulary, best: int) -> None:
        super().__init__()
        order = PieceOrder(vocabulary)
        self.begins = order.begins
        self.best = min(best, len(order.ids))
        self.size = len(vocabulary)
        self.register_buffer(
            "rank", torch.from_numpy(order.rank.astype(np.float32))[None], persistent=False
        )
        self.register_buffer("text", torch.from_numpy(order.text), persistent=False)

    def forward(
        self, scores: Tensor, ids: Tensor, rows: Tensor, low: Tensor, high: Tensor, typed: Tensor
    ) -> tuple[Tensor, ...]:
        share = torch.softmax(scores.squeeze(0), dim=-1)
        # Probability of the typed word's own pieces up to each row.
        following = torch.cat([ids.reshape(-1), torch.full((1,), PAD)]).gather(0, rows + 1)
        own = torch.log(share.gather(1, following.unsqueeze(1)).squeeze(1) + 1e-30)
        path = torch.exp(own.cumsum(0) - own)
        # 0 in the range and 1 outside: floating point, because XNNPACK then keeps it.
        below = torch.clamp(low.to(share.dtype).unsqueeze(1) - self.rank, 0, 1)
        above = torch.clamp(self.rank - (high - 1).to(share.dtype).unsqueeze(1), 0, 1)
        possible = share * (1 - below - above) * path.unsqueeze(1)
        each = possible.sum(-1)
        going_on = ((low[-1:] >= self.begins).long() * (typed[-1:] == 0).long()).to(share.dtype)
        finished = (path[-1:] - each[-1:]).clamp(min=0) * going_on
        total = (each.sum(0, keepdim=True) + finished).clamp(min=1e-30)
        best = torch.topk(torch.cat([possible.reshape(-1), finished]) / total, self.best)
        row = torch.div(best.indices, self.size, rounding_mode="trunc")
        piece = best.indices - row * self.size
        # What comes after the last row is the end of the word.
        ended = (row >= rows.shape[0]).long()
        piece = piece * (1 - ended) + ended * CLS
        begun = torch.cat([typed, torch.zeros(1, dtype=torch.int64)]).gather(0, row)
        return (
            piece.to(torch.int32).unsqueeze(0),
            best.values.unsqueeze(0),
            begun.to(torch.int32).unsqueeze(0),
            self.text.index_select(0, piece).unsqueeze(0),
        )
