"""What an explanation of one answer says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from edgetext.data.text_range import TextRange, decoded
from edgetext.tasks.explaining import Goal
from edgetext.tasks.prediction import Prediction


@dataclass(frozen=True, slots=True)
class Part(TextRange):
    """Bytes `start` to `end` of one of the texts, and how much they speak for the goal.

    whose: the number of the text, from 0. weight: below 0 they speak against it; in the unit of the
    explanation.
    """

    whose: int
    start: int
    end: int
    weight: float
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a model gives an answer.

    texts: what it was asked, one text or two. parts: of these texts, in their order. method: how
    weights were computed, unit: what they count. change: how much more the goal is said of the
    texts than of texts without a word that the model knows; missing: of that, what the weights
    together do not account for; None where no such text was asked about. notes: what should be
    known beside, a sentence each.
    """

    model: str
    answer: Prediction
    goal: Goal
    texts: tuple[bytes, ...]
    parts: tuple[Part, ...]
    method: str
    unit: str
    change: float | None = None
    missing: float | None = None
    notes: tuple[str, ...] = ()

    def strongest(self, count: int) -> list[Part]:
        """Give the parts of the largest weights, for or against, the largest first."""
        return sorted(self.parts, key=lambda part: -abs(part.weight))[:count]

    @property
    def scale(self) -> float:
        """The largest weight without its sign; 1 where all are 0."""
        return max((abs(part.weight) for part in self.parts), default=0.0) or 1.0

    def pieces(self, whose: int) -> Iterator[tuple[bytes, float | None]]:
        """Yield a text from its beginning to its end: (bytes, weight), None between parts."""
        at, text = 0, self.texts[whose]
        for part in (part for part in self.parts if part.whose == whose):
            if part.start > at:
                yield text[at : part.start], None
            yield text[part.start : part.end], part.weight
            at = part.end
        if at < len(text):
            yield text[at:], None

    def as_json(self) -> dict[str, Any]:
        """Give JSON values."""
        row = {
            "model": self.model,
            **self.answer.as_json(self.texts[0], 1, *self.texts[1:]),
            "explained": self.goal.as_json(),
            "method": self.method,
            "unit": self.unit,
            "parts": [self._part_as_json(part) for part in self.parts],
        }
        if self.change is not None and self.missing is not None:
            row |= {"change": round(self.change, 6), "missing": round(self.missing, 6)}
        return {**row, "notes": list(self.notes)}

    def _part_as_json(self, part: Part) -> dict[str, Any]:
        field = ("text", "text_b")[part.whose]
        words = decoded(self.texts[part.whose][part.start : part.end])
        weight = round(part.weight, 6)
        return {"of": field, "start": part.start, "end": part.end, "text": words, "weight": weight}
