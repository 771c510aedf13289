"""Where sentences begin, as a tensor program over a text's bytes and words.

The rule: a sentence ends at . ! ? or their like in other scripts, with the quotes and brackets that
close right after it, when a space follows and then a word that does not begin with a small letter.
The full stops of Chinese and Japanese need no space. A dot ends nothing after an abbreviation,
which is told by its length: one letter (J. or U.S.), a capital and one or two small letters (Dr.,
Fig.), or, before a digit or an opening bracket, two small letters (et al. (2018), vs. 3).
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import pad

# More sentences than these are not told apart: what is left of the text belongs to the last one.
MAX_SENTENCES = 64

# What a word's first character tells. NUMBER: a digit or an opening bracket. A word that begins
# with a kind from LOWER on does not begin a sentence.
OTHER, UPPER, NUMBER, QUOTE, LOWER, CLOSE, STOP, FULL = range(8)
# How surely a word ends a sentence: not, unless a number follows, if a space does, in any case.
_DOUBTFUL, _SPACED, _ALONE = 1, 2, 3

_DOT = 0x2E
_STOPS = ".!?…‽؟۔።।॥"
_FULL_STOPS = "。！？｡"
_QUOTES = "\"'"
# Letters of Georgian count as small, but no sentence begins with another kind.
_GEORGIAN = range(0x10A0, 0x1100)
_PAGE = 64
_CODE_POINTS = 0x10000
_SHORT = 3


class SentenceStarts(nn.Module):
    """text uint8[m], start, end int64[1 + W] -> int64[1 + W]: 1 where a word begins a sentence, but
    0 for the first word of all. Row 0 stands for no word and is 0.

    start, end: [CLS] and each word's bytes, as text.graph.Pieces has them. Characters beyond
    U+FFFF are as letters without case.
    """

    page: Tensor
    kind: Tensor

    def __init__(self) -> None:
        super().__init__()
        page, kind = _pages()
        self.register_buffer("page", torch.tensor(page), persistent=False)
        self.register_buffer("kind", torch.tensor(kind), persistent=False)

    def forward(self, text: Tensor, start: Tensor, end: Tensor) -> Tensor:
        start = start.clamp(min=0)
        data = pad(text.long(), (0, 6))
        begins = ((data < 0x80) | (data >= 0xC0)).long()
        counted = begins.cumsum(0)
        length = counted.gather(0, (end - 1).clamp(min=0)) - counted.gather(0, start) + 1

        point, width = self._code_point(data, start)
        kind = self._kind(point)
        second = self._kind(self._code_point(data, start + width)[0])
        lower = (kind == LOWER).long()
        upper = (kind == UPPER).long()
        one = (length == 1).long()
        letter = one * (lower + upper)
        title = (length <= _SHORT).long() * (1 - one) * upper * (second == LOWER).long()
        pair = (length == 2).long() * lower

        before = _previous(end)
        joined = (start == before).long()
        dot = (point == _DOT).long() * joined
        blocked = dot * _previous(letter + title)
        doubtful = dot * _previous(pair)
        ends = (kind == STOP).long() * _SPACED * (1 - blocked) - doubtful
        ends = ends + (kind == FULL).long() * _ALONE
        # Up to two signs may close what the sentence stood in.
        closes = joined * ((kind == CLOSE).long() + (kind == QUOTE).long())
        ends = ends + closes * _previous(ends + closes * _previous(ends))

        ended = _previous(ends)
        apart = (start > before).long()
        fit = (kind < LOWER).long()
        spaced = (ended == _SPACED).long() + (ended == _DOUBTFUL).long() * (kind != NUMBER).long()
        alone = (ended == _ALONE).long() * (
            fit * torch.maximum(apart, (kind != QUOTE).long()) + (kind == LOWER).long()
        )
        found = spaced * apart * fit + alone
        return found * (found.cumsum(0) < MAX_SENTENCES).long()

    def _code_point(self, data: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
        """The character whose first byte is there, and how many bytes it has."""
        first, second, third = (data.gather(0, at + k) for k in range(3))
        two = (first - 0xC0) * 64 + second - 0x80
        three = (first - 0xE0) * 4096 + (second - 0x80) * 64 + third - 0x80
        above = (first >= 0xC0).long() + (first >= 0xE0).long() + (first >= 0xF0).long()
        point = torch.where(above == 0, first, torch.where(above == 1, two, three))
        point = torch.where(above == 3, _CODE_POINTS - 1, point)
        return point.clamp(0, _CODE_POINTS - 1), above + 1

    def _kind(self, point: Tensor) -> Tensor:
        number = torch.div(point, _PAGE, rounding_mode="trunc")
        page = self.page.gather(0, number).long()
        return self.kind.gather(0, (page - number) * _PAGE + point).long()


def _previous(x: Tensor) -> Tensor:
    """Each place has what stood before it; the first keeps its own."""
    return torch.cat([x[:1], x[:-1]])


@cache
def _pages() -> tuple[np.ndarray, np.ndarray]:
    """The number of each page of characters, and the kinds uint8[pages * _PAGE] of the distinct
    ones. Not to be written to: they are kept."""
    kinds = np.array([_kind_of(chr(point)) for point in range(_CODE_POINTS)], np.uint8)
    pages, page = np.unique(kinds.reshape(-1, _PAGE), axis=0, return_inverse=True)
    return page.astype(np.uint8), pages.reshape(-1)


def _kind_of(character: str) -> int:
    for characters, kind in ((_STOPS, STOP), (_FULL_STOPS, FULL), (_QUOTES, QUOTE)):
        if character in characters:
            return kind
    category = unicodedata.category(character)
    if category == "Ll" and ord(character) in _GEORGIAN:
        return OTHER
    return {
        "Ll": LOWER, "Lu": UPPER, "Lt": UPPER, "Nd": NUMBER, "Ps": NUMBER, "Pe": CLOSE, "Pf": CLOSE
    }.get(category, OTHER)  # fmt: skip
