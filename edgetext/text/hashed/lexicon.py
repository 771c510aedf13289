"""The words that were seen in this process, each with a number of its own.

A network trains on batches of padded numbers of pieces. Where words are hashed, these are numbers
of words, which mean something in this process alone and are in no file: the rows of n-grams that a
word has are looked up by them.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np

from edgetext.text.hashed.grams import Grams
from edgetext.text.vocabulary import SPECIAL_PIECES


class Lexicon:
    """Words as sorted numbers of n-grams, int64[k]; those of SPECIAL_PIECES come first, of which
    [PAD] and [UNK] have none; and the sum of each word's."""

    def __init__(self, lengths: int, mark: np.ndarray) -> None:
        """lengths: how many n-grams end at a byte; mark: the n-grams of [CLS]."""
        self.lengths = lengths
        nothing = np.zeros(0, np.int64)
        self.grams = [nothing, nothing, np.sort(mark)]
        self.sums = [int(grams.sum()) for grams in self.grams]
        self._numbers: dict[bytes, int] = {}
        assert len(self.grams) == len(SPECIAL_PIECES)

    def __deepcopy__(self, memo: object) -> Lexicon:
        """Give itself: networks that are copied go on to read the same words."""
        return self

    def number(self, grams: np.ndarray) -> int:
        """Give the word with these n-grams int64[k], 0 among them for those that are none, its
        number: a new one where it was not seen before."""
        kept = np.sort(grams[grams > 0])
        number = self._numbers.setdefault(kept.tobytes(), len(self.grams))
        if number == len(self.grams):
            self.grams.append(kept)
            self.sums.append(int(kept.sum()))
        return number

    def hashes(self, numbers: np.ndarray) -> np.ndarray:
        """Give words, int[n], hashes of their n-grams, uint64[n], which are equal in all processes,
        as the numbers are not."""
        distinct, places = np.unique(numbers, return_inverse=True)
        each = [hashlib.sha256(self.grams[number].tobytes()).digest()[:8] for number in distinct]
        return np.frombuffer(b"".join(each), np.uint64)[places]


@cache
def lexicon_of(grams: Grams) -> Lexicon:
    """Give the one lexicon of these n-grams."""
    data = np.array([*grams.prefix, *grams.suffix])
    mark = len(grams.prefix) - 2
    numbers = grams.numbers(data)[:, mark : mark + 2]
    return Lexicon(len(grams.lengths), numbers[numbers > 0])
