"""What a training ended with, and how long it still takes, in words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from edgetext.tasks.metrics import Score, macro_f1

# How many labels' F1 are said.
LISTED = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """The weights that a training ended with.

    epoch: after which the network had them, 1-based; 0 where it began with them. epochs: how many
    were run. metrics: of the validation split.
    """

    epoch: int
    epochs: int
    metrics: dict[str, float]

    def sentence(self, test: Mapping[str, float] | None = None) -> str:
        """Say which epoch was kept and its figures; test: those of the test split, measured
        later."""
        what = f"epoch {self.epoch} of {self.epochs}" if self.epoch else "what it began with"
        figures = f"kept {what}  valid: {in_words(self.metrics)}"
        return figures if test is None else f"{figures}  test: {in_words(test)}"


def classes_in_words(classes: Mapping[str, Score]) -> str:
    """Say the F1 of the labels of the test split, the lowest first, and their mean."""
    lowest = sorted(classes, key=lambda label: (classes[label].f1, label))
    named = [f"{label} {classes[label].f1:.2f}" for label in lowest[:LISTED]]
    more = [f"{len(lowest) - LISTED:,} more"] if len(lowest) > LISTED else []
    return f"test macro F1 {macro_f1(classes):.4f}, of the labels: {', '.join(named + more)}"


class Pace:
    """How fast steps are done, with the validations between them."""

    def __init__(self, step: int) -> None:
        """step: how many were done before, at another time."""
        self._first = step
        self._begun = time.monotonic()

    def left(self, step: int, total: int) -> float:
        """Estimate the seconds until `total` steps are done, of which `step` are."""
        seconds = time.monotonic() - self._begun
        return seconds / max(1, step - self._first) * (total - step)


def in_words(metrics: Mapping[str, float]) -> str:
    """Write metrics as log lines have them."""
    return " ".join(f"{name} {value:.4f}" for name, value in metrics.items())


def duration(seconds: float) -> str:
    """Write a time in the largest unit of which there are two or more.

    >>> duration(75), duration(600), duration(9000)
    ('75 s', '10 min', '2.5 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
