"""Two texts in one sequence: [CLS] and the first text's pieces, [CLS] and the second's.

The second [CLS] parts the texts, so that ids alone say whose a piece is: no text can hold a [CLS],
which is no word (see text.vocabulary).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.export import Dim

from edgetext.models.layers.word_order import WordOrder
from edgetext.models.network import Network
from edgetext.models.pipeline import AnswerText, Pipeline, ReadText
from edgetext.text.vocabulary import CLS, UNK


def in_second(ids: Tensor) -> Tensor:
    """bool[B, T]: whether each of ids int64[B, T] is of the second text; padding is."""
    return (ids == CLS).to(torch.int64).cumsum(1) > 1


class PairFeatures(nn.Module):
    """What can be said of a piece by comparing ids: whose text it is of, whether the other text has
    it too, and whether it has it next to the same piece before and after.

    The exact match of DrQA (Chen et al. 2017, §3.2), with its neighbours, because two texts of the
    same words in another order may say the opposite. An unknown piece matches none.

    A learned row for each of the 16 cases, to add to the pieces' vectors.
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(16, dimension) * dimension**-0.5)

    def forward(self, ids: Tensor, second: Tensor) -> Tensor:
        """ids int64[B, T] of both texts, second bool[B, T] -> float[B, T, dimension]."""
        # Truth values, because B T² integers of 8 bytes would be most of a batch's memory.
        match = ids.unsqueeze(2) == ids.unsqueeze(1)
        match = match & (second.unsqueeze(2) != second.unsqueeze(1)) & (ids != UNK).unsqueeze(2)
        following = nn.functional.pad(ids, (0, 1))[:, 1:]
        ends = match & (following.unsqueeze(2) == following.unsqueeze(1))
        return self._rows(match.any(2), ends.any(2), second.to(torch.int64))

    def apart(self, ids: Tensor, ids_b: Tensor) -> Tensor:
        """The same for ids int64[1, T] and ids_b int64[1, U], without padding: float[1, T + U,
        dimension]. It compares T U pieces and not (T + U)²."""
        match = (ids.unsqueeze(2) == ids_b.unsqueeze(1)) & (ids != UNK).unsqueeze(2)
        following = nn.functional.pad(ids, (0, 1), value=CLS)[:, 1:]
        following_b = nn.functional.pad(ids_b, (0, 1))[:, 1:]
        ends = match & (following.unsqueeze(2) == following_b.unsqueeze(1))
        rows = [
            self._rows(match.any(axis), ends.any(axis), torch.full_like(own, whose))
            for axis, own, whose in ((2, ids, 0), (1, ids_b, 1))
        ]
        return torch.cat(rows, 1)

    def _rows(self, match: Tensor, after: Tensor, second: Tensor) -> Tensor:
        """match, after bool[B, T]: whether a piece is in the other text too, and also before the
        same piece there."""
        before = nn.functional.pad(after.to(torch.int64), (1, 0))[:, :-1]
        case = match.to(torch.int64) + 2 * before + 4 * after.to(torch.int64) + 8 * second
        return nn.functional.embedding(case, self.weight)


class CrossEncoderNetwork(Network):
    """Both texts through the encoder at once; the head is called (states, mask, second), and one
    that looks at the order of words (states, mask, second, order).

    ids int64[B, T] as this module's docstring says; second bool[B, T], see `in_second`.
    """

    def __init__(
        self, embedding: nn.Module, encoder: nn.Module, head: nn.Module, dimension: int
    ) -> None:
        super().__init__(embedding, encoder, head, dimension)
        table: Any = embedding.weight
        self.features = PairFeatures(table.shape[1])
        self.order = WordOrder() if getattr(head, "order", None) is not None else None

    def forward(
        self, ids: Tensor, mask: Tensor | None = None, *, hidden: bool = False
    ) -> dict[str, Tensor]:
        second = in_second(ids)
        states = self.encoder(self.embedding(ids) + self.features(ids, second), mask)
        order = () if self.order is None else (self.order(ids, second),)
        scores = self.head(states, mask, second, *order)
        return {**scores, "hidden": states} if hidden else scores

    def apart(self, ids: Tensor, ids_b: Tensor) -> dict[str, Tensor]:
        """The same scores of ids int64[1, T] and ids_b int64[1, U]: what is exported.

        In the place of `second` the head gets T, the number of the first text's pieces.
        """
        x = self.embedding(torch.cat([ids, ids_b], 1)) + self.features.apart(ids, ids_b)
        states = self.encoder(x, None)
        order = () if self.order is None else (self.order.apart(ids, ids_b),)
        scores: dict[str, Tensor] = self.head(states, None, ids.shape[1], *order)
        return scores


class ReadPair(nn.Module):
    """Two texts -> what the network takes.

    text uint8[1, n], text_b uint8[1, m] -> ids int64[1, T] and ids_b int64[1, U], each with its
    [CLS]; first, start, end int64[1 + W], the second text's words: where each begins in ids_b, and
    its bytes (see text.graph.Pieces); and truncated int32[1], 1 when either text was cut.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Arguments as of models.pipeline.ReadText."""
        super().__init__()
        self.read = ReadText(*arguments, **options)

    def forward(self, text: Tensor, text_b: Tensor) -> tuple[Tensor, ...]:
        ids, _, _, _, cut = self.read(text)
        ids_b, first, start, end, cut_b = self.read(text_b)
        return ids, ids_b, first, start, end, torch.maximum(cut, cut_b)


class AnswerPair(AnswerText):
    """ids int64[1, T], ids_b int64[1, U] -> what the decoder makes of the network's scores."""

    takes = 2

    def forward(self, ids: Tensor, ids_b: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        outputs: tuple[Tensor, ...] = self.decoder(self.scores(ids, ids_b))
        return outputs

    def scores(self, ids: Tensor, ids_b: Tensor) -> dict[str, Tensor]:
        network: Any = self.network
        found: dict[str, Tensor] = network.apart(ids, ids_b)
        return found

    @staticmethod
    def shapes(max_bytes: int) -> tuple[dict[int, Dim], ...]:
        names = ("pieces", "pieces_b")
        return tuple({1: Dim(name, min=1, max=max_bytes + 1)} for name in names)


class PairPipeline(Pipeline):
    """Pipeline from text uint8[1, n] and text_b uint8[1, m]."""

    def forward(self, text: Tensor, text_b: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        return self.answered(self.read(text, text_b))
