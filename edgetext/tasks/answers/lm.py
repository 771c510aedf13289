"""lm: what comes next in a text, as a keyboard asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import UNKNOWN_WORD, Example
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.completion import Piece, Word, complete, whole
from edgetext.tasks.explaining import NEXT, Asked, Goal, no_labels, no_spans
from edgetext.tasks.judging import SCORE_TOLERANCE
from edgetext.tasks.prediction import PLACE, Prediction
from edgetext.tasks.task import Task

# Words that `predict` completes.
WORDS = 3
# Letters given of a word that is to be completed, and the least letters of such a word.
GIVEN, LONG = 2, 4


@dataclass(slots=True)
class NextAnswer(Prediction):
    """next, words: pieces and whole words that may follow, the likeliest first; score: the first
    piece's."""

    next: tuple[Piece, ...] = ()
    words: tuple[Word, ...] = ()
    score: float = 1.0
    truncated: bool = False

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        answer: dict[str, Any] = {"spans": []}
        if self.next:
            answer["next"] = [
                {**_suggestion(piece.rest, piece.score), "finished": not piece.data}
                for piece in self.next
            ]
            answer["words"] = [_suggestion(word.rest, word.score) for word in self.words]
        return answer

    def line_parts(self, text: bytes, top: int) -> list[str]:
        if not self.next:
            return []
        return [f"{whole(text, word)} {word.score:.3f}" for word in self.words]


@register("task", "lm")
class Lm(Task[NextAnswer]):
    """Answers what may follow the text, of which it reads the last `max_bytes` bytes."""

    name = "lm"
    head = "lm"
    described: ClassVar[Mapping[str, str]] = {
        "ids": "`ids` int32[1, k]: the k likeliest next pieces, the likeliest first, k being the "
        "recipe's `head.best`; 2 says that the last word is finished as it is",
        "scores": "`scores` float32[1, k]: the probability of each of these pieces to come next; "
        "0 where fewer than k are possible",
        "typed": "`typed` int32[1, k]: how many bytes of each piece stand in the text already",
        "bytes": "`bytes` uint8[1, k, 20]: each piece in UTF-8, filled up with zeros",
    }
    reads_pieces = False
    keeps_end = True
    asks_once = False
    monitor = ("-perplexity",)
    quality_metrics = ("next_word_top3", "completion_top3")

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> NextAnswer:
        ids, scores, typed, data, truncated = (output.reshape(-1) for output in outputs)
        rows = data.reshape(len(ids), -1)
        pieces = tuple(
            Piece(number, score, row.tobytes().rstrip(b"\0"), begun)
            for number, score, row, begun in zip(
                ids.tolist(), scores.tolist(), rows, typed.tolist(), strict=True
            )
            if score > 0
        )
        best = pieces[0].score if pieces else 0.0
        return NextAnswer(pieces, (), best, bool(truncated[0]))

    def answer(self, ask: Callable[..., NextAnswer], *texts: bytes, max_bytes: int) -> NextAnswer:
        (text,) = texts
        first = ask(text)
        words = complete(lambda typed: ask(typed).next, text, first.next, WORDS)
        return replace(first, words=words)

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        suggestion = {"append": str, "score": float}
        return {
            "spans": [{"label": str, **PLACE}],
            "next": [{**suggestion, "finished": bool}],
            "words": [suggestion],
        }

    def to_row(self, answer: NextAnswer, names: Names) -> dict[str, Any]:
        return {
            "score": round(answer.score, 4),
            "spans": [],
            "truncated": answer.truncated,
            "next": [piece.id for piece in answer.next],
        }

    def from_row(self, row: Mapping[str, Any], names: Names) -> NextAnswer:
        pieces = tuple(Piece(int(number), 0.0, b"", 0) for number in row["next"])
        return NextAnswer(pieces, (), float(row["score"]), bool(row["truncated"]))

    def questions(self, examples: Sequence[Example]) -> Sequence[Example]:
        return [question for example in examples for question in _questions(example)]

    def measure(
        self, examples: Sequence[Example], answers: Sequence[NextAnswer]
    ) -> dict[str, float]:
        """Measure, of `questions`, "next_word_accuracy" and "next_word_top3" where the word has not
        begun, "completion_accuracy" and "completion_top3" where GIVEN letters of it stand there.

        A word is right when it is the very word that follows, from its first to its last byte.
        """
        metrics: dict[str, float] = {}
        for kind, begun in (("next_word", False), ("completion", True)):
            places = [
                _place(word, answer)
                for example, answer in zip(examples, answers, strict=True)
                if example.text.endswith(" ") is not begun
                for word in example.references
            ]
            metrics[f"{kind}_accuracy"] = _share(place == 0 for place in places)
            metrics[f"{kind}_top3"] = _share(place < WORDS for place in places)
        return metrics

    def goal(self, answer: NextAnswer, names: Names, asked: Asked) -> Goal:
        """Choose the likeliest piece; `start` counts from the end of the text, so that it is 0 or
        less."""
        no_labels(asked, self.name)
        no_spans(asked, self.name)
        best = next((piece for piece in answer.next if piece.data), None)
        if best is None:
            raise EdgetextError(
                "the model says that the last word is whole, and names no piece that follows; end "
                "the text with a space, or with the first letters of a word"
            )
        written = best.data.decode("utf-8", "replace")
        words = f"{written!r} as what follows"
        return Goal(NEXT, written, words, start=-best.typed, number=best.id)

    def worth(self, answer: NextAnswer, goal: Goal) -> float:
        return next((piece.score for piece in answer.next if piece.id == goal.number), 0.0)

    def same(self, one: NextAnswer, other: NextAnswer) -> bool:
        return [p.id for p in one.next[:1]] == [p.id for p in other.next[:1]]

    def agree(self, expected: NextAnswer, answer: NextAnswer) -> bool:
        """Tell whether the likeliest piece is the expected one, or no likelier than that by more
        than SCORE_TOLERANCE: of two pieces alike in probability, rounding decides which comes
        first."""
        if not expected.next or not answer.next:
            return not expected.next and not answer.next
        least = answer.next[0].score - SCORE_TOLERANCE
        near = {piece.id for piece in answer.next if piece.score >= least}
        return expected.next[0].id in near and expected.truncated == answer.truncated


def _questions(example: Example) -> Iterator[Example]:
    """At a word of the text that a hash chooses: the text before it, then that and its beginning.

    `references` hold what is missing. A word that the text does not tell is not asked for.
    """
    words = example.text.split(" ")
    at = int.from_bytes(hashlib.sha256(example.text.encode("utf-8")).digest()[:4], "big")
    index = 1 + at % max(1, len(words) - 1)
    if index >= len(words) or UNKNOWN_WORD in words[index] or not words[index]:
        return
    word, before = words[index], " ".join([*words[:index], ""])
    yield replace(example, text=before, spans=(), references=(word,))
    if len(word) >= LONG and word.isalpha():
        yield replace(example, text=before + word[:GIVEN], spans=(), references=(word[GIVEN:],))


def _place(word: str, answer: NextAnswer) -> int:
    """Where among the suggested words one stands; WORDS where it does not."""
    words = [suggestion.rest.decode("utf-8", "replace") for suggestion in answer.words]
    return words.index(word) if word in words else WORDS


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else 0.0


def _suggestion(rest: bytes, score: float) -> dict[str, Any]:
    return {"append": rest.decode("utf-8", "replace"), "score": round(score, 4)}
