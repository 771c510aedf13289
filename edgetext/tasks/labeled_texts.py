"""Texts with their labels and nothing else, as a linear model learns from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

# Of one text; exactly one label where a text has one.
LabelSet: TypeAlias = frozenset[str]


@dataclass(frozen=True, slots=True)
class LabeledTexts:
    """texts, and the labels of each; measure: what compares their labels with others, 0 to 1;
    several: whether a text may have none or many."""

    texts: Sequence[str]
    labels: Sequence[LabelSet]
    measure: Callable[[Sequence[LabelSet], Sequence[LabelSet]], float]
    several: bool = False
