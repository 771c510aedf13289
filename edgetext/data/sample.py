"""A few of many, evenly out of all, without holding all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def evenly(items: Iterable[T], most: int) -> list[T]:
    """Keep every item of up to `most`; of more, between half of `most` and `most`, equally far
    apart, the first among them."""
    kept: list[T] = []
    step = 1
    for number, item in enumerate(items):
        if number % step:
            continue
        kept.append(item)
        if len(kept) > most:
            kept = kept[::2]
            step *= 2
    return kept
