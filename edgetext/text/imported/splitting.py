"""Words of byte-level BPE: the pattern of GPT-2, by the classes of characters.

    's|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+

Whether a word begins at a character can be told from it, the one before and the two after: a run of
letters, digits or others goes on; a space belongs to what follows; of several spaces the last one
does, and the others are a word; an apostrophe that no space and no other sign stands before begins
one of seven endings, which is a word.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import torch
from tokenizers import Regex
from tokenizers.pre_tokenizers import Split
from torch import Tensor

from edgetext.text.narrow import NarrowTables

# Class 0 is no character at all: what goes on with one, and what is dropped.
END, SPACE, BLANK, NUMBER, SIGN, APOSTROPHE, LETTER, ALONE, TO_E, AN_E, AN_L = range(1, 12)
CLASSES = 12
_LETTERS = (LETTER, ALONE, TO_E, AN_E, AN_L)
_SIGNS = (SIGN, APOSTROPHE)
_BLANKS = (SPACE, BLANK)
# Letters that end what an apostrophe begins: alone, or before an e, or as the second l.
_ENDINGS = {"s": ALONE, "t": ALONE, "m": ALONE, "d": ALONE, "r": TO_E, "v": TO_E}
_SHORT, _LONG = 2, 4
# The library takes longer for each character of a longer text.
_ASKED_AT_ONCE = 1000


@cache
def character_classes() -> np.ndarray:
    """Code point -> class int64[0x110000], as the Rust library's regular expressions have them."""
    points = np.array([p for p in range(0x110000) if not 0xD800 <= p < 0xE000], np.int64)
    classes = np.full(0x110000, SIGN, np.int64)
    for name, kind in (("\\s", BLANK), ("\\p{N}", NUMBER), ("\\p{L}", LETTER)):
        split = Split(Regex(name), "removed")
        for part in np.array_split(points, len(points) // _ASKED_AT_ONCE):
            kept = np.zeros(len(part), bool)
            for _, (start, end) in split.pre_tokenize_str("".join(map(chr, part.tolist()))):
                kept[start:end] = True
            classes[part[~kept]] = kind
    classes[ord(" ")], classes[ord("'")] = SPACE, APOSTROPHE
    for letter, kind in _ENDINGS.items():
        classes[ord(letter)] = kind
    classes[ord("e")], classes[ord("l")] = AN_E, AN_L
    return classes


class WordStarts(NarrowTables):
    """class int64[m] of characters, END first and last -> int64[m], 1 where a word begins."""

    weight: Tensor

    def __init__(self, *, widen: bool) -> None:
        super().__init__(widen=widen)
        rule = [_rule(*four) for four in product(range(CLASSES), repeat=4)]
        self._table("rule", np.array(rule))
        self._table("edge", np.array([END]))

    edge: Tensor

    def forward(self, kind: Tensor) -> Tensor:
        edge = self.edge.long()
        before = torch.cat([edge, kind[:-1]])
        after = torch.cat([kind[1:], edge])
        second = torch.cat([after[1:], edge])
        four = ((before * CLASSES + kind) * CLASSES + after) * CLASSES + second
        rule = self._read("rule", four, wide=self.widen)
        short, long = (rule & _SHORT) // _SHORT, (rule & _LONG) // _LONG
        none = torch.zeros(3, dtype=torch.int64)
        begins = torch.cat([none[:1], (short + long)[:-1]])
        ends = torch.cat([none[:2], short])[: kind.shape[0]]
        ends = ends + torch.cat([none, long])[: kind.shape[0]]
        return ((rule & 1) * (1 - begins) + ends).clamp(max=1)


def _rule(before: int, kind: int, after: int, second: int) -> int:
    """1 where a word begins at the character in the midst, and _SHORT or _LONG where it begins one
    of the endings of two or three characters."""
    ending = 0
    if kind == APOSTROPHE and before not in (*_SIGNS, SPACE):
        if after == ALONE:
            ending = _SHORT
        elif (after, second) in ((TO_E, AN_E), (AN_L, AN_L)):
            ending = _LONG
    if kind in _BLANKS and before in _BLANKS:
        return int(after not in (*_BLANKS, END, 0)) | ending
    goes_on = (
        (kind in _LETTERS and before in _LETTERS)
        or (kind == NUMBER and before == NUMBER)
        or (kind in _SIGNS and before in _SIGNS)
        or (before == SPACE and kind not in (*_BLANKS, END))
    )
    return int(not goes_on) | ending
