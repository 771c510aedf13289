"""A text as pieces, whoever cut it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Encoding:
    """One text as pieces. Position 0 is always a mark, as [CLS], with `first` False.

    ids: int64[T]; first: bool[T], the piece begins a word (of a Vocabulary a BERT pre-token, of an
    ImportedTokenizer what `tokenizers` counts as one);
    start, end: int32[T], byte offsets in the UTF-8 text, end exclusive. Marks have empty spans: one
    before the text at byte 0, one after it where its last piece ends.
    """

    ids: np.ndarray
    first: np.ndarray
    start: np.ndarray
    end: np.ndarray


def character_starts(text: str) -> np.ndarray:
    """int64[len(text) + 1]: where each character begins in the UTF-8 bytes, then their count."""
    widths = [len(character.encode("utf-8", "replace")) for character in text]
    return np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)
