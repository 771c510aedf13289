"""Task rating, the half that answers: how good a text says something is, from 0 to 1.

It needs NumPy alone: a host that runs the exported file imports this file and no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from edgetext.data.example import Example
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import Task


@dataclass(slots=True)
class RatingAnswer(Prediction):
    """rating: 0, as bad as can be, to 1."""

    rating: float
    truncated: bool = False
    score: float = 1.0

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        return {"rating": round(self.rating, 4)}

    def line_parts(self, text: bytes, top: int) -> list[str]:
        return [f"{self.rating:.2f}"]


@register("task", "rating")
class Rating(Task[RatingAnswer]):
    """One number a text; an example's label is the number, as "0.75"."""

    name = "rating"
    head = "rating"
    described: ClassVar[Mapping[str, str]] = {"rating": "`rating` float32[1]: 0 to 1, 1 the best"}
    monitor = ("closeness",)

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> RatingAnswer:
        rating, truncated = outputs
        return RatingAnswer(rating.item(), bool(truncated.item()))

    def to_row(self, answer: RatingAnswer, names: Names) -> dict[str, Any]:
        return {"rating": round(answer.rating, 4), "truncated": answer.truncated}

    def from_row(self, row: Mapping[str, Any], names: Names) -> RatingAnswer:
        return RatingAnswer(float(row["rating"]), bool(row["truncated"]))

    def measure(
        self, examples: Sequence[Example], answers: Sequence[RatingAnswer]
    ) -> dict[str, float]:
        """Measure "closeness": 1 less the mean distance of the rating from the label."""
        pairs = zip(examples, answers, strict=True)
        far = [abs(float(str(e.intent)) - answer.rating) for e, answer in pairs]
        return {"closeness": 1 - sum(far) / max(1, len(far))}

    def same(self, one: RatingAnswer, other: RatingAnswer) -> bool:
        """Tell whether the ratings are as near as rounding to 8 bits leaves them."""
        return abs(one.rating - other.rating) <= 0.05
