"""A long text as windows that a model can read, each with what is new in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SPACE = 0x20


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
            end = space + 1 if space >= new else _character(text, end)
        yield Window(start, new, end)
        new = end


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


def _character(text: bytes, at: int) -> int:
    while at < len(text) and continues(text[at]):
        at -= 1
    return at
