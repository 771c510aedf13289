"""Words cut at random into other pieces of the same vocabulary.

A network that always sees a word as one piece learns nothing of its parts, which are all that it
has of a word that training lacks. So the longest match is passed over now and then (MaxMatch-
Dropout, Hiraoka 2022, after BPE-dropout, Provilkov et al. 2020).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from edgetext.text.rust_tokenizer import CONTINUATION
from edgetext.text.vocabulary import SPECIAL_PIECES, Vocabulary

# Rests of words whose matches are kept in memory.
_KEPT = 1 << 17


@dataclass(frozen=True, slots=True)
class Cut:
    """Pieces in the place of others.

    ids: int64[V']; source: int64[V'], the place of each among the pieces that were given, or -1 of
    a piece inside a word that was cut anew. A word's first piece has the place of the first one
    that it had, and other places of words that were cut anew come in no source.
    """

    ids: np.ndarray
    source: np.ndarray


class RandomCuts:
    """Cuts words of a vocabulary anew.

    inside: bool, of each id whether its piece goes on with a word.
    """

    def __init__(self, vocabulary: Vocabulary, probability: float) -> None:
        """probability: with which each match is passed over, where a shorter one is left."""
        self._ids = vocabulary.ids
        self._most = vocabulary.word_pieces
        self._probability = probability
        self._letters = [piece.removeprefix(CONTINUATION) for piece in vocabulary.pieces]
        self._longest = max(map(len, self._letters))
        self._matches = lru_cache(maxsize=_KEPT)(self._matches_of)
        inside = [piece.startswith(CONTINUATION) for piece in vocabulary.pieces]
        self.inside = np.array(inside)
        # Marks stand for no letters, and a piece without a shorter one is never passed over.
        marks = len(SPECIAL_PIECES)
        self._replaceable = np.array(
            [
                number >= marks and len(self._matches_of(letters, within)) > 1
                for number, (letters, within) in enumerate(zip(self._letters, inside, strict=True))
            ]
        )

    def cut(self, ids: np.ndarray, seed: tuple[int, ...]) -> Cut:
        """Cut words among the pieces int[V] anew; the same seed gives the same pieces.

        Each word stands whole in `ids`. One whose rest no pieces spell once a match is passed over,
        or that would have more pieces than the vocabulary allows, stays as it is.
        """
        numbers = np.random.default_rng(seed)
        passed = (numbers.random(len(ids)) < self._probability) & self._replaceable[ids]
        begins = np.flatnonzero(~self.inside[ids])
        ends = np.append(begins[1:], len(ids))
        at = np.flatnonzero(passed)
        word = np.searchsorted(begins, at, side="right") - 1
        # Of several matches in a word the first decides where it is cut in another way.
        word, first = np.unique(word, return_index=True)
        rng = random.Random(int(numbers.integers(1 << 62)))
        parts, sources, done = [], [], 0
        for begin, place, end in zip(
            begins[word].tolist(), at[first].tolist(), ends[word].tolist(), strict=True
        ):
            rest = "".join(self._letters[number] for number in ids[place:end].tolist())
            tail = self._tail(rest, place > begin, rng)
            if tail is None or place - begin + len(tail) > self._most:
                continue
            parts += [ids[done:place], np.array(tail, ids.dtype)]
            inner = place - begin + len(tail) - 1
            sources += [np.arange(done, begin + 1), np.full(inner, -1)]
            done = end
        parts.append(ids[done:])
        sources.append(np.arange(done, len(ids)))
        return Cut(np.concatenate(parts).astype(np.int64), np.concatenate(sources))

    def _tail(self, rest: str, inside: bool, rng: random.Random) -> list[int] | None:
        """Cut the rest of a word whose longest match was passed over; None where no pieces spell
        what is left. inside: whether letters stand before it."""
        tail: list[int] = []
        least = 1
        while rest:
            matches = self._matches(rest, inside)
            if not matches:
                return None
            last = len(matches) - 1
            while least < last and rng.random() < self._probability:
                least += 1
            number = matches[min(least, last)]
            tail.append(number)
            rest, inside, least = rest[len(self._letters[number]) :], True, 0
        return tail

    def _matches_of(self, rest: str, inside: bool) -> list[int]:
        """The ids of the pieces with which a rest of a word may begin, the longest first."""
        prefix = CONTINUATION if inside else ""
        sizes = range(min(len(rest), self._longest), 0, -1)
        pieces = (self._ids.get(prefix + rest[:size]) for size in sizes)
        return [number for number in pieces if number is not None]
