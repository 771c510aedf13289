"""What every answer of a model has; each task adds its own in tasks.answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, Self

from edgetext.data.example import Span
from edgetext.data.text_range import decoded

# How far a probability may lie outside of 0 to 1 by rounding.
_ROOM = 1e-4
# The types of the JSON values of a piece of a text: see TextRange.place.
PLACE: dict[str, Any] = {
    "start": int,
    "end": int,
    "char_start": int,
    "char_end": int,
    "text": str,
}


class Prediction:
    """One answer. Its class is the task's own, a dataclass with slots.

    score: how probable the answer is, 0 to 1; 1 in a task that does not say. truncated: whether the
    text was longer than the model reads, so that its end was not seen.
    """

    __slots__ = ()

    score: float
    truncated: bool

    @property
    def intent(self) -> str | None:
        """The label of the text; None in a task without one."""
        return None

    @property
    def spans(self) -> tuple[Span, ...]:
        """The labeled pieces of the text; none in a task without them."""
        return ()

    def brief(self) -> Self:
        """Give the answer without the scores of all labels, which many answers together would
        need much memory for."""
        return self

    def as_json(self, text: bytes, top: int = 1, text_b: bytes | None = None) -> dict[str, Any]:
        """Give JSON values, the spans with the text that they stand for; `top` labels' scores."""
        answer: dict[str, Any] = {"text": decoded(text)}
        if text_b is not None:
            answer["text_b"] = decoded(text_b)
        return answer | self.json_answer(text if text_b is None else text_b, top)

    def json_answer(self, text: bytes, top: int = 1) -> dict[str, Any]:
        """Give what `as_json` does, without the texts that were asked; text: the one that spans
        stand in, the last."""
        return {
            **self.json_fields(text, top),
            "truncated": self.truncated,
            **self.json_scores(top),
        }

    def as_line(self, text: bytes, top: int = 1) -> str:
        """Write the answer for people, on one line; text: the one that spans stand in, the last."""
        parts = self.line_parts(text, top)
        if self.truncated:
            parts.append("(cut: the text is longer than the model reads)")
        return "  ".join(parts)

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        """Give the JSON values of the task's own; text: the one that is answered about."""
        raise NotImplementedError

    def json_scores(self, top: int) -> dict[str, Any]:
        """Give the JSON value "scores" of the `top` likeliest labels; by default none."""
        return {}

    def line_parts(self, text: bytes, top: int) -> list[str]:
        """Give what `as_line` puts side by side."""
        raise NotImplementedError

    def fault(self, size: int) -> str:
        """Say what the contract does not allow in the answer to a text of `size` bytes; "" where
        nothing is wrong."""
        if not all(isfinite(x) and -_ROOM <= x <= 1 + _ROOM for x in self.probabilities()):
            return "an answer whose probability is not between 0 and 1"
        for start, end in self.ranges():
            if not 0 <= start <= end <= size:
                return f"an answer with bytes {start} to {end} of a text of {size}"
        return ""

    def probabilities(self) -> Iterator[float]:
        """Yield all probabilities in the answer."""
        yield self.score

    def numbers(self) -> Iterator[float]:
        """Yield all in the answer that rounding may move, for comparison with another answer."""
        yield from self.probabilities()

    def ranges(self) -> Iterator[tuple[int, int]]:
        """Yield the start and end byte of all that the answer points to."""
        for span in self.spans:
            yield span.start, span.end


def scores_as_json(scores: Mapping[str, float], top: int) -> dict[str, Any]:
    """Give the JSON value "scores" of the `top` likeliest labels; nothing where no more than the
    answer was asked for."""
    if top <= 1 or not scores:
        return {}
    return {"scores": {name: round(score, 4) for name, score in best_first(scores, top)}}


def types_of_scores(top: int) -> dict[str, Any]:
    """Give the type of what `scores_as_json` gives: a number a label."""
    return {"scores": {str: float}} if top > 1 else {}


def best_first(scores: Mapping[str, float], top: int) -> list[tuple[str, float]]:
    """Give the `top` likeliest labels, the likeliest first, with their probabilities."""
    return sorted(scores.items(), key=lambda item: -item[1])[:top]
