"""What NFC makes of characters, as the normalizer of `tokenizers` has it, in its own Unicode."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from unicodedata import combining

import numpy as np
from tokenizers import normalizers

from edgetext.text.unicode import POINTS

_HIGHEST_MARK = "\u0345"
_HANGUL = range(0xAC00, 0xD7A4)


@dataclass(frozen=True, slots=True)
class Characters:
    """The characters that NFC may change, or that may change others.

    parts: what each decomposes into; of Hangul syllables, which nothing parts, themselves. mark:
    where each stands among marks, those of one Unicode class alike; the others have none. joined:
    two characters -> the one that they become. outputs: characters that come of others, and need
    not be told where they stand in a text.
    """

    parts: dict[str, str]
    mark: dict[str, int]
    joined: dict[tuple[str, str], str]
    outputs: list[str]


@cache
def characters() -> Characters:
    """Ask the normalizers of `tokenizers`."""
    every = [chr(point) for point in POINTS if point]
    nfd = dict(zip(every, _each(normalizers.NFD(), every), strict=True))
    nfc = normalizers.NFC()
    mark = _marks(c for c in every if nfd[c] == c)
    parts = {c: text for c, text in nfd.items() if text != c and ord(c) not in _HANGUL}
    joined = {}
    composed = [c for c in every if nfd[c] != c and nfc.normalize_str(c) == c]
    for character in composed:
        whole = nfd[character]
        first = nfc.normalize_str(whole[:-1])
        assert len(first) == 1, f"{character!r} is made of more than two"
        joined[first, whole[-1]] = character
    # What is joined to another never has one joined to it first, so that the order of two does not
    # matter.
    assert not {one for one, _ in joined} & {other for _, other in joined}
    concerned = {*mark, *(c for pair in joined for c in pair)}
    parts |= {c: c for c in concerned - parts.keys()}
    outputs = {*joined.values(), *(c for text in parts.values() for c in text)} - parts.keys()
    return Characters(parts, mark, joined, sorted(outputs))


def _each(normalizer: normalizers.Normalizer, texts: Iterable[str]) -> list[str]:
    """Normalize texts without NUL at once, which it leaves as it is."""
    whole: str = normalizer.normalize_str("\0".join(texts))
    return whole.split("\0")


def _marks(texts: Iterable[str]) -> dict[str, int]:
    """Character -> the rank of its class among those of marks."""
    nfd = normalizers.NFD()
    moved = _each(nfd, (_HIGHEST_MARK + text for text in texts))
    found = [_HIGHEST_MARK, *(text[0] for text in moved if text[0] != _HIGHEST_MARK)]
    by_class = {combining(c): c for c in found if combining(c)}
    # NFD puts a mark before those of higher classes, and leaves it behind those of its own.
    return {c: 1 + sum(nfd.normalize_str(c + e) != c + e for e in by_class.values()) for c in found}


@dataclass(frozen=True, slots=True)
class Joining:
    """What two characters become, as a sparse table.

    first, second: the row and the column of each character that is joined with one after it, or
    before it; both from 1 on, and 0 is for all others. base, owner, value: see row_displacement;
    a value is the place in `wholes`.
    """

    first: dict[str, int]
    second: dict[str, int]
    wholes: list[str]
    base: np.ndarray
    owner: np.ndarray
    value: np.ndarray


@cache
def joining() -> Joining:
    """Lay out what `characters` says; not to be written to: it is kept."""
    joined = characters().joined
    first = {c: row for row, c in enumerate(sorted({one for one, _ in joined}), start=1)}
    second = {c: row for row, c in enumerate(sorted({other for _, other in joined}), start=1)}
    wholes = sorted(set(joined.values()))
    place = {c: row for row, c in enumerate(wholes)}
    pairs = {(first[one], second[other]): place[c] for (one, other), c in joined.items()}
    table = row_displacement(pairs, len(first) + 1, len(second) + 1)
    return Joining(first, second, wholes, *table)


def row_displacement(
    joined: dict[tuple[int, int], int], firsts: int, seconds: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lay out a sparse table: (first, second) -> value.

    Returns base int64[firsts], owner and value int64[entries]: the value of a pair is that at
    base[first] + second, where the owner there is the first, from 1 on; 0 is no owner.
    """
    rows: dict[int, list[int]] = {}
    for first, second in joined:
        rows.setdefault(first, []).append(second)
    base = np.zeros(firsts, np.int64)
    taken: set[int] = set()
    free: dict[tuple[int, ...], int] = {}
    for first, columns in sorted(rows.items(), key=lambda row: (-len(row[1]), row[0])):
        # Hangul has hundreds of rows with the same columns, and each stands behind the last one.
        at = free.get(tuple(columns), 0)
        while any(at + column in taken for column in columns):
            at += 1
        base[first] = free[tuple(columns)] = at
        taken.update(at + column for column in columns)
    size = int(base.max()) + seconds
    owner, value = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for (first, second), whole in joined.items():
        owner[base[first] + second] = first + 1
        value[base[first] + second] = whole
    return base, owner, value
