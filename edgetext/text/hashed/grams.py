"""The n-grams of a text's bytes as numbers below a count of buckets (Weinberger et al. 2009).

An n-gram's hash is a sum of products of its bytes' values and of factors by their places: a
convolution, which float32 holds exactly. An n-gram that goes over the edge of a word has the
number 0, which stands for nothing; the byte before a word and the one after it are part of its
n-grams, as fastText's marks are (Bojanowski et al. 2017, §3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from edgetext.text.hashed.byte_rules import MOST_BYTES, SPACE, separates, spaces
from edgetext.text.marks import BYTE_VALUES, CLS_BYTE

# A hash of LONGEST bytes, and as many words' edges within, stay below 2^24, which float32 holds.
LONGEST = 6
_HASHES = 1 << 21
_VALUES = 1 << 8
# So many values has each byte, so that fewer n-grams share a hash.
VALUES_OF_A_BYTE = 2
_SEED = 1
# So many places that n-grams end at are not those of a text's bytes: [CLS], and the spaces around.
PLACES_AROUND = 4


@dataclass(frozen=True)
class Grams:
    """buckets: numbers, 0 among them; lengths: of the n-grams in bytes, 1 to LONGEST each;
    lowercase: whether ASCII letters are folded."""

    buckets: int
    lengths: tuple[int, ...]
    lowercase: bool

    @classmethod
    def of(cls, header: Mapping[str, Any]) -> Grams:
        """Read what `to_header` gave; KeyError naming a field that is missing."""
        return cls(header["buckets"], tuple(header["lengths"]), header["lowercase"])

    def to_header(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {
            "buckets": self.buckets,
            "lengths": list(self.lengths),
            "lowercase": self.lowercase,
        }

    @cached_property
    def crossing(self) -> int:
        """What a byte within an n-gram adds to its hash that is no part of a word, and the most
        that a hash counts: a multiple of `buckets` above all hashes."""
        return self.buckets * -(-_HASHES // self.buckets)

    @cached_property
    def values(self) -> np.ndarray:
        """int64[VALUES_OF_A_BYTE, BYTE_VALUES]."""
        table = np.random.Generator(np.random.PCG64(_SEED)).integers(
            1, _VALUES, (VALUES_OF_A_BYTE, BYTE_VALUES)
        )
        # All that only separates is one.
        table[:, spaces()] = table[:, [SPACE]]
        if self.lowercase:
            table[:, ord("A") : ord("Z") + 1] = table[:, ord("a") : ord("z") + 1]
        return table

    @cached_property
    def factors(self) -> np.ndarray:
        """int64[lengths, VALUES_OF_A_BYTE, LONGEST]: by how many bytes a byte stands before an
        n-gram's last; 0 beyond its length."""
        generator = np.random.Generator(np.random.PCG64(_SEED + 1))
        most = _HASHES // (LONGEST * VALUES_OF_A_BYTE * _VALUES)
        drawn = generator.integers(1, most, (LONGEST + 1, VALUES_OF_A_BYTE, LONGEST))
        inside = np.arange(LONGEST) < np.array(self.lengths)[:, None, None]
        return drawn[list(self.lengths)] * inside

    @property
    def before(self) -> int:
        """How many bytes before a place its n-grams and its words' edges reach."""
        return max(*self.lengths, MOST_BYTES + 1) - 1

    @cached_property
    def prefix(self) -> tuple[int, ...]:
        """What stands before a text: [CLS], a word by itself, among spaces."""
        return (*(SPACE,) * (self.before + 1), CLS_BYTE, SPACE)

    @property
    def suffix(self) -> tuple[int, ...]:
        """What stands after a text."""
        return SPACE, SPACE

    def numbers(self, data: np.ndarray) -> np.ndarray:
        """Give the number of the n-grams of each length that end at each place of int64[n]:
        int64[lengths, n]."""
        apart = separates()[data]
        values = self.values[:, data]
        rows = []
        for length, factors in zip(self.lengths, self.factors, strict=True):
            total = np.zeros(len(data), np.int64)
            for back in range(length):
                here = slice(0, len(data) - back)
                total[back:] += factors[:, back] @ values[:, here]
                if 0 < back < length - 1:
                    total[back:] += self.crossing * apart[here]
            rows.append(np.minimum(total, self.crossing) % self.buckets)
        return np.stack(rows)
