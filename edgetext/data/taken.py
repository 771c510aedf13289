"""What a reader takes for what in a file, to be shown before anybody trains on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """lines: in words, as `text: utterance, as 'turn on the lamp'`. unused: columns or fields that
    nothing reads. rows: lines that should be a text each, None where that is not so."""

    lines: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    rows: int | None = None
