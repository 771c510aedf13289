"""The best span of words of a passage, out of a score for where it begins and where it ends."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.export import Dim
from torch.nn.functional import pad

from edgetext.models.decoders.decoder import Decoder
from edgetext.models.networks.cross_encoder import AnswerPair
from edgetext.models.pipeline import word_rows


def by_word(scores: Tensor, first: Tensor) -> Tensor:
    """scores float[B, T, 2], first bool[B, T] -> float[B, W + 1, 2]: the scores of "no answer",
    which stand at the first piece of all, then of each passage word; -1e4 after a row's last."""
    place = first.to(torch.int64).cumsum(1)
    found = scores.new_full((len(scores), int(place.max()) + 1, 2), -1e4)
    found[:, 0] = scores[:, 0]
    row, piece = first.nonzero(as_tuple=True)
    found[row, place[row, piece]] = scores[row, piece]
    return found


# Words of an answer, at most.
LONGEST = 32


class AnswerDecoder(Decoder):
    """{"answer": float[1, T, 2]} -> answer int32[1, 2], start and end byte of the passage, score
    float32[1] and no_answer float32[1].

    first, start, end int64[1 + W]: each passage word's first piece and its bytes, behind a row of
    the whole sequence's first piece, which stands for no answer. Of all spans of at most LONGEST
    words, that with the largest product of its two ends' probabilities, which is its
    score; no_answer is that product for the place that stands for none, where both sum to 1 with
    the words.
    """

    count = 3
    offset: Tensor
    none: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("offset", torch.arange(LONGEST), persistent=False)
        self.register_buffer("none", torch.zeros(1, 2, dtype=torch.int64), persistent=False)

    def forward(
        self, scores: dict[str, Tensor], first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        found = scores["answer"].squeeze(0)
        chance = torch.softmax(found.index_select(0, first), dim=0)
        # A word that has no chance comes first, so that there is one where the passage is empty.
        opens, closes = chance.scatter(0, self.none, torch.zeros(1, 2)).unbind(1)
        word = torch.arange(first.shape[0])
        index = (word.unsqueeze(1) + self.offset).reshape(-1)
        ends = pad(closes, (0, LONGEST)).index_select(0, index)
        both = (ends.reshape(-1, LONGEST) * opens.unsqueeze(1)).reshape(-1)
        best = both.argmax(dim=0, keepdim=True)
        opening = best.div(LONGEST, rounding_mode="trunc")
        closing = (opening + best.remainder(LONGEST)).clamp(max=first.shape[0] - 1)
        # The word that has no chance is at byte 0; [CLS] begins before that.
        answer = [start.gather(0, opening).clamp(min=0), end.gather(0, closing)]
        return (
            torch.stack(answer, dim=1).to(torch.int32),
            both.gather(0, best),
            chance[:1].prod(dim=1),
        )


class AnswerPairWords(AnswerPair):
    """AnswerPair for a decoder of the second text's words: first, start, end int64[1 + W] beside,
    row 0 that text's [CLS]."""

    takes = 5

    def forward(  # type: ignore[override]
        self, ids: Tensor, ids_b: Tensor, first: Tensor, start: Tensor, end: Tensor
    ) -> tuple[Tensor, ...]:
        scores = self.scores(ids, ids_b)
        # [CLS] of the second text is at piece 0 there; "no answer" is at piece 0 of both.
        place = torch.where(first > 0, first + ids.shape[1], 0)
        outputs: tuple[Tensor, ...] = self.decoder(scores, place, start, end)
        return outputs

    @staticmethod
    def shapes(max_bytes: int) -> tuple[dict[int, Dim], ...]:
        return *AnswerPair.shapes(max_bytes), *({0: word_rows(max_bytes)},) * 3
