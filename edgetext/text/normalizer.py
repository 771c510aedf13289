"""A text as a canonical vocabulary reads it, and where each character of that came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from tokenizers.normalizers import BertNormalizer

from edgetext.text.characters import Reading, exchange

# Nothing in it is dropped or changed but for case.
_PLAIN = re.compile("[\\t\\n\\r -~]*")


class Normal(NamedTuple):
    """text: the normal form; origin: int64[len(text)], the place in the source of the character
    that each of its own came from; following: int64[len(source) + 1], for each place of the source
    the first from there on whose character was not dropped, or its length."""

    text: str
    origin: np.ndarray
    following: np.ndarray

    def in_source(self, offsets: np.ndarray, first: np.ndarray) -> np.ndarray:
        """Places of pieces int64[T, 2] in the normal form → the same in the source.

        first: bool[T], whether a piece begins a word. A word's last piece ends before what follows
        that was not dropped, and so does [CLS], the first.
        """
        origin = np.append(self.origin, len(self.following) - 1)
        start = origin[offsets[:, 0]]
        end = origin[np.maximum(offsets[:, 1] - 1, 0)] + 1
        start[0] = end[0] = 0
        last = np.append(first[1:], True)
        end[last] = self.following[end[last]]
        return np.stack([start, end], axis=1)


@dataclass(frozen=True, slots=True)
class Normalizer:
    """Reads characters by their rules, and puts marks in canonical order.

    marks: the combining classes of those that can change places; rounds: see `exchange`.
    """

    forms: NormalForms
    marks: Mapping[str, int]
    rounds: int

    def __call__(self, text: str) -> Normal | None:
        """None for a text that has only what every vocabulary reads as it is."""
        if _PLAIN.fullmatch(text):
            return None
        parts = [self.forms[character] for character in text]
        sizes = np.array([len(part) for part in parts], np.int64)
        normal = "".join(parts)
        if self.rounds:
            normal = self._ordered(normal)
        kept = np.append(np.flatnonzero(sizes), len(text))
        following = kept[np.searchsorted(kept, np.arange(len(text) + 1))]
        return Normal(normal, np.arange(len(text)).repeat(sizes), following)

    def text(self, text: str) -> str:
        """Only the normal form."""
        normal = self(text)
        return text if normal is None else normal.text

    def _ordered(self, text: str) -> str:
        classes = np.array([self.marks.get(character, 0) for character in text], np.int64)
        if not classes.any():
            return text
        place = np.arange(len(text))
        for _ in range(self.rounds):
            place = place[exchange(classes[place])]
        return "".join(text[at] for at in place.tolist())


class NormalForms(dict[str, str]):
    """Character → the text that it is read as, worked out when it is first met; "" when dropped."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading
        self.normalizer = BertNormalizer(
            clean_text=True,
            handle_chinese_chars=False,
            strip_accents=reading.strips_accents,
            lowercase=reading.lowercase,
        )

    def __missing__(self, character: str) -> str:
        parts = self.reading.parts(character)
        self[character] = "".join(map(self.normalizer.normalize_str, parts))
        return self[character]
