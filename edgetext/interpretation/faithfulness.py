"""Whether an order of words is that of what they mean to a model: deletion and insertion curves.

As of Petsiuk et al. (2018, §3.2): words go from a text one after the other, those first that are
said to speak most for the answer, or come to it in that order. The sooner the answer's worth falls,
or rises, the more faithful the order; an order of chance says how much is due to the model alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.interpretation.explanation import Explanation
from edgetext.interpretation.units import without
from edgetext.interpretation.worths import answered
from edgetext.predictor import Predictor
from edgetext.tasks.explaining import Goal

# Variants that are asked at once.
TOGETHER = 256
Order = Sequence[int]


@dataclass(frozen=True, slots=True)
class Case:
    """A text, what is explained of its answer, and the words that go or come."""

    text: bytes
    goal: Goal
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Areas under the curves, 0 to 1, means over all cases. deletion: the less the better;
    insertion: the more. floor: what is said of the goal without any word, which no order changes.
    """

    deletion: float
    insertion: float
    floor: float

    def times_better(self, other: Curves) -> float:
        """Tell by how much the area that deletion leaves is less than the other's."""
        return other.deletion / self.deletion

    def times_better_above_floor(self, other: Curves) -> float:
        """Tell the same of the areas above the floor."""
        return (other.deletion - self.floor) / (self.deletion - self.floor)


def best_first(explanation: Explanation) -> list[int]:
    """Give the numbers of an explanation's parts, those first that speak most for the goal."""
    weights = [part.weight for part in explanation.parts]
    return sorted(range(len(weights)), key=lambda number: -weights[number])


def curves(predictor: Predictor, cases: Sequence[Case], orders: Sequence[Order]) -> Curves:
    """Draw the curves of one order of words for each case.

    EdgetextError for a model of two texts.
    """
    if len(predictor.task.inputs) > 1:
        raise EdgetextError(f"{predictor.path}: curves are drawn for models of one text")
    variants = [
        (number, case, _left(case, first, count))
        for number, (case, order) in enumerate(zip(cases, orders, strict=True))
        for count in range(len(order) + 1)
        for first in (order, order[::-1])
    ]
    ask = answered(predictor) or predictor.predict_many
    worths: list[list[float]] = [[] for _ in cases]
    for begin in range(0, len(variants), TOGETHER):
        block = variants[begin : begin + TOGETHER]
        for (number, case, _), answer in zip(block, ask([x for *_, x in block]), strict=True):
            worths[number].append(predictor.task.worth(answer, case.goal))
    # Of each case: with 0, 1, ... of the first words left out, beside the same of the last words.
    deletion = [_area(each[::2]) for each in worths]
    insertion = [_area(each[1::2]) for each in worths]
    floor = [each[-1] for each in worths]
    return Curves(*(float(np.mean(values)) for values in (deletion, insertion, floor)))


def _left(case: Case, order: Order, count: int) -> bytes:
    return without(case.text, [case.ranges[word] for word in order[:count]])


def _area(worths: Sequence[float]) -> float:
    """Give the area under a curve whose points are equally far from each other, over 0 to 1."""
    return float(np.trapezoid(worths, dx=1 / max(1, len(worths) - 1)))
