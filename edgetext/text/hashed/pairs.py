"""The number of two words in a row, by the numbers that their n-grams have.

A word counts the lowest bits of the sum of its n-grams' numbers. Of two words the later one's are
taken times a factor, so that their order matters, and what is left of both by the count of buckets
is the pair's number. Bits are the same however far a running sum goes, of 32 bits, too, and what is
divided stays below 2^24: some engines compute int64 with 32 bits, and remainders in float32.
"""

from __future__ import annotations

from typing import Protocol, Self, TypeVar

# One more than the largest value of a word.
WORDS = 1 << 12
# Primes below WORDS. The first of them that is no divisor of a count loses nothing by it, and none
# that a recipe may have is divided by both.
FACTORS = 4093, 4091


class Integers(Protocol):
    """What numpy's and torch's arrays of int64 both do."""

    def __and__(self, other: int, /) -> Self: ...
    def __mod__(self, other: int, /) -> Self: ...
    def __mul__(self, other: int, /) -> Self: ...
    def __add__(self, other: int | Self, /) -> Self: ...


Array = TypeVar("Array", bound=Integers)


class WordPairs:
    """Numbers pairs of words from 1 on, below a count of buckets; 0 stands for nothing."""

    def __init__(self, buckets: int) -> None:
        """buckets: numbers, 0 among them; 2 at least."""
        self.most = buckets - 1
        self.factor = next(factor for factor in FACTORS if self.most % factor)

    def cut(self, sums: Array) -> Array:
        """Give of words' sums what `numbers` takes, of the same shape."""
        return sums & (WORDS - 1)

    def numbers(self, before: Array, words: Array) -> Array:
        """Give the numbers of pairs, by what `cut` gave of the earlier and the later words, all of
        one shape."""
        return (words * self.factor + before) % self.most + 1
