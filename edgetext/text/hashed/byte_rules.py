"""Where words begin and end, told from bytes alone.

A byte is white space or a control character, or it stands alone, as punctuation does, or it is part
of a word. What a character of several bytes is, its first byte tells: those of U+0080 to U+00BF
(signs as « and °), of U+2000 to U+2FFF (dashes, quotes, arrows, currencies), of Chinese, Japanese
and full-width ones, and those beyond U+FFFF (emoji) stand alone; all others are letters. For texts
of ASCII that is how BERT splits them.

Where a word begins and ends is a sum over a window of bytes and a threshold, for any bytes at all:
so a single convolution tells it, and there are as many begins as ends.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from edgetext.text.marks import BYTE_VALUES, CLS_BYTE

SPACE = 0x20
# The longest character that stands alone.
MOST_BYTES = 4
# What a place must reach to be a begin, and an end.
BEGINS, ENDS = 2.0, 10.0
# ASCII punctuation, as BERT has it.
_PUNCTUATION = (range(0x21, 0x30), range(0x3A, 0x41), range(0x5B, 0x61), range(0x7B, 0x7F))


@cache
def spaces() -> np.ndarray:
    """Tell of each byte and mark, bool[BYTE_VALUES], whether it stands between words. Not to be
    written to: it is kept."""
    table = np.zeros(BYTE_VALUES, bool)
    table[: SPACE + 1] = table[0x7F] = True
    return table


@cache
def alone() -> np.ndarray:
    """Give int64[BYTE_VALUES]: of how many bytes is what stands alone and begins with this byte or
    mark; 0 where no such thing does. Not to be written to: it is kept."""
    table = np.zeros(BYTE_VALUES, np.int64)
    for part in _PUNCTUATION:
        table[part.start : part.stop] = 1
    table[CLS_BYTE] = 1
    table[0xC2] = 2
    table[0xE2:0xEA] = table[0xEF] = 3
    table[0xF0:0xF5] = MOST_BYTES
    return table


@cache
def separates() -> np.ndarray:
    """Tell of each byte and mark, bool[BYTE_VALUES], whether no n-gram goes over it. Not to be
    written to: it is kept."""
    return spaces() | (alone() > 0)


def begins_and_ends(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give bool[n] each: whether a word begins at each byte of int64[n], and whether one ended
    right before it."""
    space, size = spaces()[data], alone()[data]
    after = np.concatenate([[False], space[:-1]])
    for width in range(1, MOST_BYTES + 1):
        after[width:] |= size[:-width] == width
    begins = (size > 0) | (~space & after)
    ends = np.concatenate([[False], ~space[:-1] & (space[1:] | begins[1:])])
    return begins, ends


def channels() -> tuple[np.ndarray, list[tuple[int, float, float]]]:
    """Give the same as sums.

    Returns what each byte and mark counts, float32[c, BYTE_VALUES], and for each of these channels
    (how many bytes before the place it is looked at, by what it counts for a begin, and for an
    end). A place begins a word where the sum is BEGINS or more, and ends one where it is ENDS.
    """
    space, size = spaces(), alone()
    word = ~separates()
    stands = 2.0 * (size > 0)
    table = [
        # A space never begins a word, whatever stands before it.
        (stands + word - 16.0 * space, 0, 1.0, 0.0),
        (stands + word + 2.0 * space, 0, 0.0, 1.0),
        (1.0 * (space | (size == 1)), 1, 1.0, 1.0),
        *((1.0 * (size == width), width, 1.0, 1.0) for width in range(2, MOST_BYTES + 1)),
        # More than all of those above can sum up to.
        (1.0 * ~space, 1, 0.0, ENDS - 2.0),
    ]
    values = np.stack([values for values, *_ in table]).astype(np.float32)
    return values, [(back, begin, end) for _, back, begin, end in table]
