"""From bytes to the artifact's outputs: the text graph, the network and the decoding as modules.

Two stages, because ExecuTorch runs them as two methods: a network whose length it knows when it
starts keeps XNNPACK's kernels. One after the other they are the whole model.
"""

from __future__ import annotations

from typing import Any, Self

import torch
from torch import Tensor, nn
from torch.export import Dim

from edgetext.models.decoders.decoder import Decoder
from edgetext.models.network import Network
from edgetext.text.ahead import SPACE
from edgetext.text.hashed.grams import PLACES_AROUND
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.tokenization import Tokenization


class CutText(nn.Module):
    """uint8[1, n] -> uint8[1, m] without what lies beyond `max_bytes`, and truncated int32[1].

    The cut may leave the first bytes of a character, which a vocabulary's graph makes nothing of.

    whole: of them `filler` is made, since the graph would make pieces of them.
    bounded: the caller promises n <= max_bytes + 1, and m is n: a byte too many becomes `filler`,
    so that no length depends on another (ExecuTorch plans its memory by them). The text is int64
    then, unless it is `whole`.
    """

    beyond: Tensor

    def __init__(
        self, max_bytes: int, *, whole: bool, bounded: bool = False, filler: int = SPACE
    ) -> None:
        super().__init__()
        self.max_bytes = max_bytes
        self.filler = filler
        self.bounded = bounded
        self.whole = whole
        if whole:
            places = [max(0, max_bytes - by) for by in range(3)]
            self.register_buffer("beyond", torch.tensor(places), persistent=False)

    @classmethod
    def of(cls, vocabulary: Tokenization, max_bytes: int, *, for_executorch: bool) -> Self:
        """Make the one that what cuts texts into pieces needs."""
        whole, filler = vocabulary.cuts_whole, vocabulary.filler
        return cls(max_bytes, whole=whole, bounded=for_executorch, filler=filler)

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor]:
        if self.whole:
            return self._whole(text)
        if not self.bounded:
            over = torch.full((1,), text.shape[1]) > self.max_bytes
            return text[:, : self.max_bytes], over.to(torch.int32)
        # Of 1 byte at most, and by sums: to choose a number, or to make one of a byte or of a truth
        # value, takes ExecuTorch as long as many sums.
        over = (torch.arange(text.shape[1]) - (self.max_bytes - 1)).clamp(min=0)
        data = text.reshape(-1).long()
        kept = data + over * (self.filler - data)
        return kept.reshape(1, -1), over[-1:].to(torch.int32)

    def _whole(self, text: Tensor) -> tuple[Tensor, Tensor]:
        """Cut before the character that does not fit."""
        position = torch.arange(text.shape[1])
        over = (position[-1:] >= self.max_bytes).long()
        # The byte beyond the limit, and those before it: which of them go on with a character, as
        # bytes do that begin with the bits 10.
        places = torch.minimum(self.beyond, position[-1:])
        goes_on = (text.reshape(-1).long().gather(0, places) // 64 == 2).long()
        first, second, third = goes_on[0:1], goes_on[1:2], goes_on[2:3]
        limit = self.max_bytes - over * first * (1 + second * (1 + third))
        kept = torch.where(position < limit, text, self.filler).to(torch.uint8)
        return kept if self.bounded else kept[:, : self.max_bytes], over.to(torch.int32)


class ReadText(nn.Module):
    """Bytes -> what the network takes.

    text uint8[1, n], n >= 1 -> ids int64[1, T], first, start, end int64[1 + W] (see
    text.graph.Pieces) and truncated int32[1]. `for_executorch` needs n <= max_bytes + 1.
    """

    def __init__(
        self, vocabulary: Tokenization, max_bytes: int, *, for_executorch: bool = False
    ) -> None:
        super().__init__()
        self.cut = CutText.of(vocabulary, max_bytes, for_executorch=for_executorch)
        self.pieces = vocabulary.graph(widen=not for_executorch, max_bytes=max_bytes)

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        kept, truncated = self.cut(text)
        ids, first, start, end, *more = self.pieces(kept)
        if more:
            # An imported tokenizer also leaves out pieces, and says so last.
            truncated = torch.maximum(truncated, more[-1])
        return ids.unsqueeze(0), first, start, end, truncated


class AnswerText(nn.Module):
    """ids int64[1, T] -> what the decoder makes of the network's scores.

    takes: how many of the first stage's outputs it takes.
    """

    takes = 1

    def __init__(self, network: Network, decoder: Decoder) -> None:
        super().__init__()
        self.network = network
        self.decoder = decoder

    def forward(self, ids: Tensor) -> tuple[Tensor, ...]:
        outputs: tuple[Tensor, ...] = self.decoder(self.network(ids))
        return outputs

    @staticmethod
    def shapes(max_bytes: int) -> tuple[dict[int, Dim], ...]:
        """The dynamic dimensions of what it takes."""
        return ({1: Dim("pieces", min=1, max=max_bytes + 1)},)


class AnswerWords(AnswerText):
    """ids int64[1, T]; first, start, end int64[1 + W] -> what the decoder makes of them."""

    takes = 4

    def forward(  # type: ignore[override]
        self, ids: Tensor, first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, ...]:
        outputs: tuple[Tensor, ...] = self.decoder(self.network(ids), first, start, end)
        return outputs

    @staticmethod
    def shapes(max_bytes: int) -> tuple[dict[int, Dim], ...]:
        return *AnswerText.shapes(max_bytes), *({0: word_rows(max_bytes)},) * 3


class ReadHashed(nn.Module):
    """Bytes -> what a network of hashed words takes.

    text uint8[1, n], n >= 1 -> numbers int64[m lengths], edges int64[2 (1 + W)] (see
    text.hashed.graph.HashedPieces), where look-alikes are folded their places int64[2 (1 + W)], and
    truncated int32[1].
    """

    def __init__(self, words: HashedWords, max_bytes: int, *, for_executorch: bool = False) -> None:
        super().__init__()
        self.cut = CutText.of(words, max_bytes, for_executorch=for_executorch)
        self.pieces = words.graph(widen=not for_executorch, max_bytes=max_bytes)

    def forward(self, text: Tensor) -> tuple[Tensor, ...]:
        kept, truncated = self.cut(text)
        return *self.pieces(kept), truncated


class AnswerHashed(AnswerText):
    """numbers int64[m lengths], edges int64[2 (1 + W)] -> what the decoder makes of them; with
    words that are folded also the edges' places int64[2 (1 + W)].

    hashed: its words. words: whether the decoder takes words.
    """

    def __init__(self, network: Network, decoder: Any, hashed: HashedWords, *, words: bool) -> None:
        super().__init__(network, decoder)
        self.lengths = len(hashed.grams.lengths)
        self.words = words
        self.folded = hashed.folding is not None
        self.takes = 3 if words and self.folded else 2

    def forward(  # type: ignore[override]
        self, numbers: Tensor, edges: Tensor, places: Tensor | None = None
    ) -> tuple[Tensor, ...]:
        scores = self.network((numbers, edges))
        outputs: tuple[Tensor, ...]
        if self.words:
            of_words: Any = self.decoder.of_words
            given = edges if places is None else places
            outputs = of_words(scores, given.reshape(2, -1))
        else:
            outputs = self.decoder(scores)
        return outputs

    def shapes(self, max_bytes: int) -> tuple[dict[int, Dim], ...]:  # type: ignore[override]
        """The dynamic dimensions of what it takes."""
        # Of a text that nobody sees no byte is left.
        least = PLACES_AROUND if self.folded else PLACES_AROUND + 1
        places = Dim("places", min=least, max=PLACES_AROUND + max_bytes + 1)
        edges = {0: 2 * word_rows(max_bytes)}
        return {0: self.lengths * places}, *(edges,) * (self.takes - 1)


def word_rows(max_bytes: int) -> Dim:
    """Bound the rows of words that a text has, [CLS] first.

    One more than can be, so that in what a program says of itself no bound of words is one of
    pieces.
    """
    return Dim("words", min=1, max=max_bytes + 2)


class Pipeline(nn.Module):
    """The whole model: text uint8[1, n] -> the outputs of its task, truncated int32[1] last.

    Rows get a leading 1, as spans int32[1, S, 3].
    """

    def __init__(self, read: nn.Module, answer: Any) -> None:
        super().__init__()
        self.read = read
        self.answer = answer

    def forward(self, text: Tensor) -> tuple[Tensor, ...]:
        return self.answered(self.read(text))

    def answered(self, read: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The outputs for what the first stage gave."""
        *inputs, truncated = read
        outputs = self.answer(*inputs[: self.answer.takes])
        rows = self.answer.decoder.rows
        return *(x.unsqueeze(0) if i in rows else x for i, x in enumerate(outputs)), truncated
