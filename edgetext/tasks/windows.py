"""A long text as windows that a model can read, each with what is new in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from edgetext.tasks.prediction import Prediction

SPACE = 0x20
# Which part of a window the next one has again, and how small a window is never halved.
_SHARED, _SMALLEST = 4, 16
A = TypeVar("A", bound=Prediction)


@dataclass(frozen=True, slots=True)
class Window:
    """Bytes `start` to `end` of a text; those before `new` stood in the window before."""

    start: int
    new: int
    end: int


def windows(text: bytes, size: int, again: int = 0) -> Iterator[Window]:
    """Cut UTF-8 text after spaces, into windows of at most `size` bytes that share at most `again`
    bytes with the one before. Where `size` bytes hold no space, the cut is at a character.
    """
    new = 0
    while new < len(text):
        start = _context(text, new, again)
        end = min(start + size, len(text))
        if end < len(text):
            space = text.rfind(SPACE, new, end)
            end = space + 1 if space >= new else _character(text, new, end)
        yield Window(start, new, end)
        new = end


def in_windows(ask: Callable[[bytes], A], text: bytes, max_bytes: int) -> Iterator[tuple[int, A]]:
    """Answer a text in windows, each with where it begins; each shares a quarter with the last.

    A window that a model cuts all the same, since it has too many pieces, is answered in halves.
    """
    if not text:
        yield 0, ask(text)
    for window in windows(text, max_bytes, max_bytes // _SHARED):
        part = text[window.start : window.end]
        answer = ask(part)
        if answer.truncated and len(part) > _SMALLEST:
            halves = in_windows(ask, part, len(part) // 2 + 1)
            yield from ((window.start + at, half) for at, half in halves)
        else:
            yield window.start, answer


def _context(text: bytes, new: int, again: int) -> int:
    """Where the context of what begins at `new` begins: after a space."""
    if not again or not new:
        return new
    earliest = max(0, new - again)
    space = text.find(SPACE, earliest, new - 1)
    return space + 1 if earliest and space >= 0 else (earliest if not earliest else new)


def continues(byte: int) -> bool:
    """Tell whether a byte goes on with a character of UTF-8."""
    return byte & 0xC0 == 0x80


def _character(text: bytes, new: int, end: int) -> int:
    """Where the character at `end` begins; `end` where none does, as in bytes that are no UTF-8."""
    at = end
    while at > new and continues(text[at]):
        at -= 1
    return at if at > new else end
