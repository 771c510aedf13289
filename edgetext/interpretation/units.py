"""The parts of a text that are given a weight: its words, or its bytes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from edgetext.text.clusters import SPACELESS, letters, signs


def words(data: bytes) -> list[tuple[int, int]]:
    """Give start and end byte of each word: a run of letters, marks and numbers, or one other
    character that is no space. Of scripts without spaces between words each letter with its signs,
    and each ideograph, is a word. A byte that is no UTF-8 is a word by itself.

    A text is cut alike whatever reads it, so that explanations of files and checkpoints compare.
    """
    ranges: list[tuple[int, int]] = []
    goes_on = False
    for character, start, end in _characters(data):
        kind = unicodedata.category(character)
        if character.isspace() or kind == "Cc":
            goes_on = False
            continue
        is_letter = kind[0] in "LN" and not _is_alone(character)
        is_sign = kind[0] == "M" or character in signs(SPACELESS)
        if ranges and ranges[-1][1] == start and (is_sign or (goes_on and is_letter)):
            ranges[-1] = (ranges[-1][0], end)
            continue
        ranges.append((start, end))
        goes_on = is_letter
    return ranges


def single_bytes(data: bytes) -> list[tuple[int, int]]:
    """Give start and end of each byte that is no space."""
    return [(at, at + 1) for at in range(len(data)) if not data[at : at + 1].isspace()]


def without(data: bytes, ranges: list[tuple[int, int]]) -> bytes:
    """Put spaces in the place of some bytes, so that all others stay where they are."""
    kept = bytearray(data)
    for start, end in ranges:
        kept[start:end] = b" " * (end - start)
    return bytes(kept)


def mended(data: bytes) -> tuple[str, list[int]]:
    """Decode a text, U+FFFD for each byte that is no UTF-8, and give where each byte of what came
    out, and its end, stands in `data`: as many numbers as bytes, and one more."""
    characters: list[str] = []
    origin: list[int] = []
    for character, start, end in _characters(data):
        is_broken = "\udc80" <= character <= "\udcff"
        kept = "\N{REPLACEMENT CHARACTER}" if is_broken else character
        characters.append(kept)
        origin += [start] * 3 if is_broken else range(start, end)
    return "".join(characters), [*origin, len(data)]


def _characters(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield each character with its bytes; one that is no UTF-8 as a surrogate of its byte."""
    at = 0
    for character in data.decode("utf-8", "surrogateescape"):
        size = len(character.encode("utf-8", "surrogateescape"))
        yield character, at, at + size
        at += size


def _is_alone(character: str) -> bool:
    """Tell whether a letter is a word by itself: of a script without spaces, or an ideograph."""
    if character.isascii():
        return False
    return character in letters(SPACELESS) or "IDEOGRAPH" in unicodedata.name(character, "")
