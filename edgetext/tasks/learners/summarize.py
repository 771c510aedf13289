"""summarize: the sentences of a text that say best what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Sentence
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.decoders.summarize import AnswerSentences, ReadSentences, SentenceDecoder
from edgetext.models.network import Network
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.answers.summarize import Summarize, text_of
from edgetext.tasks.explaining import Goal
from edgetext.tasks.learner import Learner
from edgetext.tasks.learners.losses import soft_label_loss
from edgetext.tasks.learners.summarize_loss import ranking_loss
from edgetext.tasks.learning import BatchLike, Labels, Numbers, encode_cut
from edgetext.tasks.rouge import best_rouge
from edgetext.tasks.words import word_bounds
from edgetext.text.encoding import Encoding
from edgetext.text.sentences import SentenceStarts
from edgetext.text.tokenization import Tokenization, trained_vocabulary
from edgetext.text.vocabulary import CLS

# Targets are whole numbers, so what a sentence is worth counts in ten-thousandths.
WORTH_SCALE = 10_000


@register("learner", "summarize")
class SummarizeLearner(Learner):
    """No labels. Scores "sentences" float[B, S]; target "sentences" int64[B, S, 1]: what each
    sentence is worth, in ten-thousandths.

    That is what the data says of the sentences and, where it says nothing, their ROUGE-1 against
    the references. Sentences are those that the artifact finds (text.sentences), so nothing differs
    between training and use. In an encoding of this task `first` marks the [CLS] that begin
    sentences, so that sentences stand where other tasks have words.
    """

    task = Summarize()
    mark_row = False
    takes_imported = False
    by_gradients = True

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        bare = next((e for e in examples if not e.references), None)
        if bare is not None:
            raise EdgetextError(f"{bare.source}: the text has no summary; add one")
        return {"intent": [], "tags": []}

    def encode(self, example: Example, vocabulary: Tokenization, max_bytes: int) -> Encoding:
        encoding = encode_cut(vocabulary, example.text, max_bytes)
        start, end = word_bounds(encoding)
        word = _starts(example.text.encode("utf-8")[:max_bytes], start, end)
        at = np.flatnonzero(encoding.first)[word]
        first = np.insert(np.zeros(len(encoding.ids), np.bool_), at, True)
        first[0] = True
        opening = np.insert(encoding.start, at, start[word])
        opening[0] = start[0] if len(start) else 0
        return Encoding(
            ids=np.insert(encoding.ids, at, CLS),
            first=first,
            start=opening,
            end=np.insert(encoding.end, at, start[word]),
        )

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        data = example.text.encode("utf-8")
        bounds = zip(*(x.tolist() for x in word_bounds(encoding)), strict=True)
        worth = [_worth(example, data, start, end) for start, end in bounds]
        return {"sentences": np.array([[round(WORTH_SCALE * x)] for x in worth], np.int64)}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        return ranking_loss(scores["sentences"], batch.targets["sentences"] / WORTH_SCALE)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        return soft_label_loss(scores["sentences"], teacher["sentences"], temperature)

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        """Give the logarithm of the probability that the sentence is the best."""
        return scores["sentences"].log_softmax(dim=-1)[:, goal.number]

    def decoder(self, labels: Labels) -> Decoder:
        return SentenceDecoder()

    def first_stage(
        self, vocabulary: Tokenization, max_bytes: int, *, for_executorch: bool = False
    ) -> nn.Module:
        own = trained_vocabulary(vocabulary, "task summarize")
        return ReadSentences(own, max_bytes, for_executorch=for_executorch)

    def second_stage(self, network: Network, labels: Labels, vocabulary: Tokenization) -> Any:
        return AnswerSentences(network, self.decoder(labels))


def _worth(example: Example, data: bytes, start: int, end: int) -> float:
    """How good a sentence, bytes `start` to `end`, is as the summary: 0 to 1, where the data's
    scores are. The data's own sentence belongs to that in which its middle lies."""
    scored = [s for s in example.sentences if s.score is not None]
    if not scored:
        return best_rouge(text_of(data, Sentence(start, end)), example.references).rouge1
    within = [s for s in scored if start <= (s.start + s.end) // 2 < end]
    return max((s.score or 0.0 for s in within), default=0.0)


def _starts(data: bytes, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """int64: the words that begin a sentence, the first word aside."""
    if not len(start):
        return np.zeros(0, np.int64)
    text = torch.from_numpy(np.frombuffer(data, np.uint8).copy())
    words = (torch.from_numpy(np.append(0, x).astype(np.int64)) for x in (start, end))
    begins: np.ndarray = _finder()(text, *words).numpy()
    return np.flatnonzero(begins) - 1


@cache
def _finder() -> nn.Module:
    return SentenceStarts()
