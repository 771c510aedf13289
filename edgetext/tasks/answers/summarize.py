"""summarize: the sentences of a text that say best what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from edgetext.data.example import Example, Sentence
from edgetext.data.text_range import decoded
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.explaining import RANGE, Asked, Goal, likeness, no_labels, range_number
from edgetext.tasks.metrics import f1_of_counts
from edgetext.tasks.prediction import PLACE, Prediction
from edgetext.tasks.rouge import best_rouge
from edgetext.tasks.task import Task


@dataclass(slots=True)
class SummaryAnswer(Prediction):
    """sentences: the text's, each with the probability that it is the best summary; score: the
    largest of these."""

    sentences: tuple[Sentence, ...] = ()
    score: float = 1.0
    truncated: bool = False

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        sentences = [
            {"score": round(sentence.score or 0.0, 4), **sentence.place(text)}
            for sentence in self.sentences
        ]
        return {"summary": self.summary(text, top), "sentences": sentences}

    def line_parts(self, text: bytes, top: int) -> list[str]:
        return [self.summary(text, top)]

    def ranges(self) -> Iterator[tuple[int, int]]:
        for sentence in self.sentences:
            yield sentence.start, sentence.end

    def numbers(self) -> Iterator[float]:
        for sentence in self.sentences:
            yield sentence.score or 0.0

    def best_sentences(self, top: int = 1) -> list[Sentence]:
        """Give the `top` sentences with the highest scores, in the order of the text."""
        ranked = sorted(self.sentences, key=lambda sentence: -(sentence.score or 0.0))
        return sorted(ranked[:top], key=lambda sentence: sentence.start)

    def summary(self, text: bytes, top: int = 1) -> str:
        """Write the `top` best sentences on one line."""
        best = (decoded(text[s.start : s.end]) for s in self.best_sentences(top))
        return " ".join(" ".join(sentence.split()) for sentence in best)


@register("task", "summarize")
class Summarize(Task[SummaryAnswer]):
    """Answers every sentence's probability of being the best summary."""

    name = "summarize"
    head = "summarize"
    described: ClassVar[Mapping[str, str]] = {
        "sentences": "`sentences` float32[1, S]: how likely each sentence is the best summary",
        "ranges": "`ranges` int32[1, S, 2]: each sentence's start byte and end byte (exclusive)",
    }
    needs_words = True
    reads_pieces = False
    monitor = ("rouge1",)

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> SummaryAnswer:
        scores, ranges, truncated = outputs
        rows = zip(ranges.reshape(-1, 2).tolist(), scores.reshape(-1).tolist(), strict=True)
        sentences = tuple(Sentence(start, end, score, text) for (start, end), score in rows)
        return _answer(sentences, truncated=bool(truncated.reshape(-1)[0]))

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        return {"summary": str, "sentences": [{"score": float, **PLACE}]}

    def to_row(self, answer: SummaryAnswer, names: Names) -> dict[str, Any]:
        rows = [[s.start, s.end, round(s.score or 0.0, 4)] for s in answer.sentences]
        return {"sentences": rows, "truncated": answer.truncated}

    def from_row(self, row: Mapping[str, Any], names: Names) -> SummaryAnswer:
        rows = row["sentences"]
        sentences = tuple(Sentence(int(start), int(end), float(s)) for start, end, s in rows)
        return _answer(sentences, truncated=bool(row["truncated"]))

    def measure(
        self, examples: Sequence[Example], answers: Sequence[SummaryAnswer]
    ) -> dict[str, float]:
        """Measure, of the best sentence alone, "rouge1", "rouge2" and "rouge_l" (see `best_rouge`).
        Beside them "lead_rouge1", the first sentence's, and "oracle_rouge1", that of the sentence
        that would have been best. Where the data has sentences, "boundary_f1": of where sentences
        begin, the text's beginning aside.
        """
        chosen, lead, oracle = [], [], []
        hits = predicted = gold = 0
        for example, answer in zip(examples, answers, strict=True):
            data = example.text.encode("utf-8")
            sentences = answer.sentences
            all_of_them = [best_rouge(text_of(data, s), example.references) for s in sentences]
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

    def decisions(self, example: Example, answer: SummaryAnswer) -> Iterator[tuple[str, str, str]]:
        """Yield the place of the best sentence, counted from 1."""
        data = example.text.encode("utf-8")
        worth = [best_rouge(text_of(data, s), example.references) for s in answer.sentences]
        best = worth.index(max(worth))
        (chosen,) = answer.best_sentences()
        yield "best sentence", str(1 + best), str(1 + answer.sentences.index(chosen))

    def goal(self, answer: SummaryAnswer, names: Names, asked: Asked) -> Goal:
        """Choose a sentence, by default the best."""
        no_labels(asked, self.name)
        if asked.span is None:
            number = answer.sentences.index(answer.best_sentences()[0])
        else:
            number = range_number(len(answer.sentences), asked, "sentence")
        chosen = answer.sentences[number]
        words = f"sentence {number + 1}, bytes {chosen.start} to {chosen.end}"
        return Goal(RANGE, "", words, chosen.start, chosen.end, number)

    def worth(self, answer: SummaryAnswer, goal: Goal) -> float:
        return likeness(goal, ((s.start, s.end, s.score or 0.0) for s in answer.sentences))

    def same(self, one: SummaryAnswer, other: SummaryAnswer) -> bool:
        """Tell whether the best sentence is the same, of the same sentences."""
        bounds = [[(s.start, s.end) for s in x.sentences] for x in (one, other)]
        best = [[(s.start, s.end) for s in x.best_sentences()] for x in (one, other)]
        return bounds[0] == bounds[1] and best[0] == best[1]


def text_of(data: bytes, sentence: Sentence) -> str:
    """Give the text of a sentence of `data`."""
    return decoded(data[sentence.start : sentence.end])


def _answer(sentences: tuple[Sentence, ...], truncated: bool) -> SummaryAnswer:
    best = max((s.score or 0.0 for s in sentences), default=0.0)
    return SummaryAnswer(sentences, best, truncated)
