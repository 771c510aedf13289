"""summarize: the sentences of a text that say best what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Sentence
from edgetext.registry import register
from edgetext.tasks.metrics import f1_of_counts
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.rouge import best_rouge
from edgetext.tasks.task import BatchLike, Labels, Names, Numbers, Task, encode_cut
from edgetext.tasks.words import word_bounds

if TYPE_CHECKING:
    from torch import Tensor, nn

    from edgetext.models import Network
    from edgetext.recipe import TrainingConfig
    from edgetext.text.vocabulary import Encoding, Vocabulary


# Targets are whole numbers, so what a sentence is worth counts in ten-thousandths.
STEPS = 10_000


@register("task", "summarize")
class Summarize(Task):
    """No labels. Scores "sentences" float[B, S]; target "sentences" int64[B, S, 1]: what each
    sentence is worth, in ten-thousandths.

    That is what the data says of the sentences and, where it says nothing, their ROUGE-1 against
    the references. Sentences are those that the artifact finds (text.sentences), so nothing differs
    between training and use. In an encoding of this task `first` marks the [CLS] that begin
    sentences, so that sentences stand where other tasks have words.
    """

    name = "summarize"
    head = "summarize"
    outputs = ("sentences", "ranges", "truncated")
    monitor = ("rouge1",)
    needs_words = True
    mark_row = False

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        bare = next((e for e in examples if not e.references), None)
        if bare is not None:
            raise EdgetextError(f"{bare.source}: the text has no summary; add one")
        return {"intent": [], "tags": []}

    def encode(self, example: Example, vocabulary: Vocabulary, max_bytes: int) -> Encoding:
        from edgetext.text.vocabulary import CLS, Encoding

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
        return {"sentences": np.array([[round(STEPS * x)] for x in worth], np.int64)}

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        from edgetext.tasks.summarize_loss import ranking_loss

        return ranking_loss(scores["sentences"], batch.targets["sentences"] / STEPS)

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        from edgetext.tasks.losses import soft_label_loss

        return soft_label_loss(scores["sentences"], wanted["sentences"], temperature)

    def decoder(self, labels: Labels) -> nn.Module:
        from edgetext.models.decoders.summarize import SentenceDecoder

        return SentenceDecoder()

    def first_stage(
        self, vocabulary: Vocabulary, max_bytes: int, *, for_executorch: bool = False
    ) -> nn.Module:
        from edgetext.models.decoders.summarize import ReadSentences

        return ReadSentences(vocabulary, max_bytes, for_executorch=for_executorch)

    def second_stage(self, network: Network, labels: Labels, vocabulary: Vocabulary) -> Any:
        from edgetext.models.decoders.summarize import AnswerSentences

        return AnswerSentences(network, self.decoder(labels))

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        scores, ranges, truncated = outputs
        rows = zip(ranges.reshape(-1, 2).tolist(), scores.reshape(-1).tolist(), strict=True)
        sentences = tuple(Sentence(start, end, score) for (start, end), score in rows)
        return _answer(sentences, truncated=bool(truncated.reshape(-1)[0]))

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """Of the best sentence alone: "rouge1", "rouge2" and "rouge_l" (see `best_rouge`). Beside
        them "lead_rouge1", the first sentence's, and "oracle_rouge1", that of the sentence that
        would have been best. Where the data has sentences, "boundary_f1": of where sentences begin,
        the text's beginning aside.
        """
        chosen, lead, oracle = [], [], []
        hits = predicted = gold = 0
        for example, answer in zip(examples, found, strict=True):
            data = example.text.encode("utf-8")
            sentences = answer.sentences or ()
            all_of_them = [best_rouge(_text(data, s), example.references) for s in sentences]
            chosen.append(best_rouge(answer.summary(data), example.references))
            lead.append(all_of_them[0].rouge1)
            oracle.append(max(all_of_them).rouge1)
            begin = {s.start for s in sentences[1:]}
            wanted = {s.start for s in example.sentences[1:]}
            hits, predicted = hits + len(begin & wanted), predicted + len(begin)
            gold += len(wanted)
        count = max(1, len(chosen))
        metrics = {
            name: sum(getattr(rouge, name) for rouge in chosen) / count
            for name in ("rouge1", "rouge2", "rouge_l")
        }
        metrics |= {"lead_rouge1": sum(lead) / count, "oracle_rouge1": sum(oracle) / count}
        if gold:
            metrics["boundary_f1"] = f1_of_counts(hits, predicted, gold)
        return metrics

    def decisions(self, example: Example, answer: Prediction) -> Iterator[tuple[str, str, str]]:
        """The place of the best sentence, counted from 1."""
        data = example.text.encode("utf-8")
        sentences = answer.sentences or ()
        worth = [best_rouge(_text(data, s), example.references) for s in sentences]
        best = worth.index(max(worth))
        (chosen,) = answer.best_sentences()
        yield "best sentence", str(1 + best), str(1 + sentences.index(chosen))

    def same(self, one: Prediction, other: Prediction) -> bool:
        """Whether the best sentence is the same, of the same sentences."""
        bounds = [[(s.start, s.end) for s in x.sentences or ()] for x in (one, other)]
        best = [[(s.start, s.end) for s in x.best_sentences()] for x in (one, other)]
        return bounds[0] == bounds[1] and best[0] == best[1]

    def to_row(self, answer: Prediction, names: Names) -> dict[str, Any]:
        rows = [[s.start, s.end, round(s.score or 0.0, 4)] for s in answer.sentences or ()]
        return {"sentences": rows, "truncated": answer.truncated}

    def from_row(self, row: Mapping[str, Any], names: Names) -> Prediction:
        rows = row["sentences"]
        sentences = tuple(Sentence(int(start), int(end), float(s)) for start, end, s in rows)
        return _answer(sentences, truncated=bool(row["truncated"]))


def _answer(sentences: tuple[Sentence, ...], truncated: bool) -> Prediction:
    best = max((s.score or 0.0 for s in sentences), default=0.0)
    return Prediction(score=best, sentences=sentences, truncated=truncated)


def _text(data: bytes, sentence: Sentence) -> str:
    return data[sentence.start : sentence.end].decode("utf-8", "replace")


def _worth(example: Example, data: bytes, start: int, end: int) -> float:
    """How good a sentence, bytes `start` to `end`, is as the summary: 0 to 1, where the data's
    scores are. The data's own sentence belongs to that in which its middle lies."""
    scored = [s for s in example.sentences if s.score is not None]
    if not scored:
        return best_rouge(_text(data, Sentence(start, end)), example.references).rouge1
    within = [s for s in scored if start <= (s.start + s.end) // 2 < end]
    return max((s.score or 0.0 for s in within), default=0.0)


def _starts(data: bytes, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """int64: the words that begin a sentence, the first word aside."""
    import torch

    if not len(start):
        return np.zeros(0, np.int64)
    text = torch.from_numpy(np.frombuffer(data, np.uint8).copy())
    words = (torch.from_numpy(np.append(0, x).astype(np.int64)) for x in (start, end))
    found: np.ndarray = _finder()(text, *words).numpy()
    return np.flatnonzero(found) - 1


@cache
def _finder() -> nn.Module:
    from edgetext.text.sentences import SentenceStarts

    return SentenceStarts()
