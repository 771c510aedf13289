"""The stages of a file (see models.pipeline) around published weights: their special pieces come
with the ids, and no text has more pieces than they have places for."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.export import Dim

from edgetext.models.pipeline import AnswerText, AnswerWords, CutText
from edgetext.text.ahead import SPACE
from edgetext.text.lengths import bound


class AnswerPieces(AnswerText):
    """ids int64[1, T] -> what the decoder makes of the network's scores. A piece stands before the
    text and one behind it."""

    def shapes(self, max_bytes: int) -> tuple[dict[int, Dim], ...]:  # type: ignore[override]
        return ({1: self._pieces()},)

    def _pieces(self, least: int = 2) -> Any:
        encoder: Any = self.network.encoder
        return Dim("pieces", min=least, max=encoder.config.positions)


class AnswerPieceWords(AnswerPieces, AnswerWords):
    """What AnswerWords is, of the pieces of AnswerPieces."""

    def shapes(self, max_bytes: int) -> tuple[dict[int, Dim], ...]:  # type: ignore[override]
        encoder: Any = self.network.encoder
        # One more than can be: see models.pipeline.word_rows.
        words = Dim("words", min=1, max=encoder.config.positions + 1)
        return {1: self._pieces()}, *({0: words},) * 3


class AnswerTaggedPieces(AnswerPieces):
    """ids int64[1, T]; start, end, inside int64[T] of each piece -> spans of the pieces between the
    first and the last."""

    takes = 4

    def forward(  # type: ignore[override]
        self, ids: Tensor, start: Tensor, end: Tensor, inside: Tensor
    ) -> tuple[Tensor, ...]:
        outputs: tuple[Tensor, ...] = self.decoder(
            self.network(ids), start[:-1], end[:-1], inside[:-1]
        )
        return outputs

    def shapes(self, max_bytes: int) -> tuple[dict[int, Dim], ...]:  # type: ignore[override]
        # The tracer takes no text of less than two pieces of its own, since it then has no two
        # neighbors; a program answers such ones all the same.
        pieces = self._pieces(least=4)
        return {1: pieces}, *({0: pieces},) * 3


class AnswerJoined(AnswerPieces):
    """ids, second int64[1, T] of two texts -> what the decoder makes of the network's scores."""

    takes = 2

    def forward(self, ids: Tensor, second: Tensor) -> tuple[Tensor, ...]:  # type: ignore[override]
        outputs: tuple[Tensor, ...] = self.decoder(self.network(ids, second=second))
        return outputs

    def shapes(self, max_bytes: int) -> tuple[dict[int, Dim], ...]:  # type: ignore[override]
        return ({1: self._pieces()},) * 2


class AnswerJoinedPassage(AnswerPieces):
    """ids, second int64[1, T]; row, start, end int64[R] -> where the answer is.

    row: the first piece of all, and each of the passage, or each that begins a word of it; start,
    end: the bytes of its word.
    """

    takes = 5

    def forward(  # type: ignore[override]
        self, ids: Tensor, second: Tensor, row: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, ...]:
        scores = self.network(ids, second=second)
        outputs: tuple[Tensor, ...] = self.decoder(scores, row, start, end)
        return outputs

    def shapes(self, max_bytes: int) -> tuple[dict[int, Dim], ...]:  # type: ignore[override]
        encoder: Any = self.network.encoder
        # One more than can be: see models.pipeline.word_rows.
        rows = Dim("rows", min=1, max=encoder.config.positions + 1)
        return *({1: self._pieces()},) * 2, *({0: rows},) * 3


class ReadPieces(nn.Module):
    """text uint8[1, n] -> ids int64[1, T]; start, end, inside int64[T] of each piece; truncated
    int32[1].

    inside: 1 where a piece goes on with a word. by_space: words are what stands between spaces, as
    transformers has it of tokenizers whose pieces do not say whether they go on with one; else the
    tokenizer's own.
    """

    def __init__(
        self, vocabulary: Any, max_bytes: int, *, by_space: bool, for_executorch: bool = False
    ) -> None:
        super().__init__()
        self.by_space = by_space
        self.cut = CutText.of(vocabulary, max_bytes, for_executorch=for_executorch)
        self.pieces = vocabulary.graph(widen=not for_executorch, max_bytes=max_bytes)

    def forward(self, text: Tensor) -> tuple[Tensor, ...]:
        kept, cut = self.cut(text)
        read = self.pieces(kept)
        start, end = read.piece_start, read.piece_end
        if self.by_space:
            data = kept.reshape(-1).to(torch.int64)
            here = data.gather(0, start.clamp(max=data.shape[0] - 1)) != SPACE
            before = data.gather(0, (start - 1).clamp(min=0)) != SPACE
            inside = (here & before & (start > 0)).to(torch.int64)
        else:
            inside = torch.ones_like(read.ids).scatter(0, read.first, torch.zeros_like(read.first))
        return read.ids.unsqueeze(0), start, end, inside, torch.maximum(cut, read.truncated)


class ReadJoined(nn.Module):
    """text uint8[1, n], text_b uint8[1, m] -> ids, second int64[1, T], truncated int32[1].

    truncation: which text loses pieces where both have too many; see text.imported.tokenizer.
    """

    def __init__(
        self, vocabulary: Any, max_bytes: int, *, truncation: str, for_executorch: bool = False
    ) -> None:
        super().__init__()
        self.cut = CutText.of(vocabulary, max_bytes, for_executorch=for_executorch)
        self.pieces = vocabulary.pair_graph(widen=not for_executorch, truncation=truncation)

    def read(self, text: Tensor, text_b: Tensor) -> tuple[Any, Tensor]:
        """Give the pieces of both, and whether any is left out."""
        kept, cut = self.cut(text)
        kept_b, cut_b = self.cut(text_b)
        read = self.pieces(kept, kept_b)
        return read, torch.maximum(torch.maximum(cut, cut_b), read.truncated)

    def forward(self, text: Tensor, text_b: Tensor) -> tuple[Tensor, ...]:
        read, truncated = self.read(text, text_b)
        return read.ids.unsqueeze(0), read.type_ids.reshape(1, -1), truncated


class ReadJoinedPassage(ReadJoined):
    """ReadJoined with what AnswerJoinedPassage takes beside."""

    def __init__(
        self, vocabulary: Any, max_bytes: int, *, truncation: str, for_executorch: bool = False
    ) -> None:
        super().__init__(
            vocabulary, max_bytes, truncation=truncation, for_executorch=for_executorch
        )
        self.for_executorch = for_executorch

    def forward(self, text: Tensor, text_b: Tensor) -> tuple[Tensor, ...]:
        read, truncated = self.read(text, text_b)
        ids = read.ids
        # The first piece is one of the rows, so that there is one where the passage is empty.
        chosen = (read.text > 0).to(torch.int64) + (torch.arange(ids.shape[0]) == 0).to(torch.int64)
        row = chosen.nonzero().reshape(-1)
        bound(row.shape[0], 1, ids.shape[0])
        if self.for_executorch:
            # It changes nothing, but ExecuTorch cannot return a view of nonzero's answer.
            row = row.clamp(min=0)
        begins = torch.zeros_like(ids).scatter(0, read.first, torch.ones_like(read.first))
        word = (begins.cumsum(0) - 1).gather(0, row)
        columns = (row, read.start.gather(0, word), read.end.gather(0, word))
        return ids.unsqueeze(0), read.type_ids.reshape(1, -1), *columns, truncated


class ReadJoinedWords(ReadJoined):
    """ReadJoinedPassage, of the pieces that begin words alone."""

    def forward(self, text: Tensor, text_b: Tensor) -> tuple[Tensor, ...]:
        read, truncated = self.read(text, text_b)
        words = (read.first, read.start, read.end)
        return read.ids.unsqueeze(0), read.type_ids.reshape(1, -1), *words, truncated
