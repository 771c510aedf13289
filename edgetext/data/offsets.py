"""What a span's offsets count, and the bytes that they stand for.

Python and most tools count characters (Unicode code points), JavaScript, Java and C# units of
UTF-16, Swift and Dialogflow graphemes (what a reader takes for one character, as a flag or a family
of emoji), Rust and Go bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import accumulate
from typing import Literal, get_args

Offsets = Literal["characters", "bytes", "utf16", "graphemes"]
UNITS: tuple[Offsets, ...] = get_args(Offsets)

_JOINER = "\u200d"
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_LEADING, _VOWELS, _TRAILING = (
    range(0x1100, 0x1160),
    range(0x1160, 0x11A8),
    range(0x11A8, 0x1200),
)
_SYLLABLES = range(0xAC00, 0xD7A4)


def byte_offsets(text: str, unit: Offsets = "characters") -> list[int] | dict[int, int]:
    """Give the byte at which each unit of a text begins, and behind the last the text's length.

    A list where each offset is the beginning of a character, else a dict without those that are
    not. UnicodeEncodeError where the text holds half of a surrogate pair.
    """
    if text.isascii() and (unit != "graphemes" or "\r\n" not in text):
        return list(range(len(text) + 1))
    widths = [len(character.encode("utf-8")) for character in text]
    if unit == "graphemes":
        widths = [len(cluster.encode("utf-8")) for cluster in graphemes(text)]
    starts = list(accumulate(widths, initial=0))
    if unit in ("characters", "graphemes"):
        return starts
    if unit == "bytes":
        return {byte: byte for byte in starts}
    units = accumulate((2 if ord(character) > 0xFFFF else 1 for character in text), initial=0)
    return dict(zip(units, starts, strict=True))


def length_in(text: str, unit: Offsets) -> int:
    """Count the units of a text."""
    if unit == "characters":
        return len(text)
    if unit == "bytes":
        return len(text.encode("utf-8"))
    if unit == "utf16":
        return len(text.encode("utf-16-le")) // 2
    return sum(1 for _ in graphemes(text))


def graphemes(text: str) -> Iterator[str]:
    """Divide a text into extended grapheme clusters, by the rules of UAX #29 that need no table
    beyond Python's own: marks, emoji with joiners and skin tones, flags, Hangul, CR LF."""
    cluster = ""
    for character in text:
        if cluster and not _joins(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _joins(cluster: str, character: str) -> bool:
    """Whether a character belongs to the cluster before it."""
    last = cluster[-1]
    if last == "\r" and character == "\n":
        return True
    if unicodedata.category(last) == "Cc" or unicodedata.category(character) == "Cc":
        return False
    code, before = ord(character), ord(last)
    extends = unicodedata.category(character) in ("Mn", "Me", "Mc")
    if extends or character in (_JOINER, "\u200c") or code in _SKIN or code in _TAGS:
        return True
    if last == _JOINER:
        return unicodedata.category(character) == "So"
    if code in _FLAGS:
        return len(cluster) == 1 and before in _FLAGS
    return _joins_in_hangul(before, code)


def _joins_in_hangul(before: int, code: int) -> bool:
    """Whether two jamo or syllables are parts of one syllable."""
    if before in _LEADING:
        return code in _LEADING or code in _VOWELS or code in _SYLLABLES
    open_syllable = before in _SYLLABLES and (before - _SYLLABLES[0]) % 28 == 0
    if before in _VOWELS or open_syllable:
        return code in _VOWELS or code in _TRAILING
    return (before in _TRAILING or before in _SYLLABLES) and code in _TRAILING
