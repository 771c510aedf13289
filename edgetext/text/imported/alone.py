"""Where a word ends or begins beside an added token that counts as a word of its own alone."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from tokenizers.pre_tokenizers import Whitespace
from torch import Tensor

from edgetext.text.ahead import LookAhead
from edgetext.text.marks import CLS_BYTE
from edgetext.text.symbols import lay_out_continuation, lay_out_trie
from edgetext.text.trie import TrieReader

# Of a character: that it belongs to words, or does not. 0 is no character.
_OF_WORD, _OTHER = 1, 2
# The library takes longer for each character of a longer text.
_ASKED_AT_ONCE = 1000


@cache
def word_characters() -> np.ndarray:
    """Code point -> 1 or 2 int64[0x110000], whether it is a \\w of the Rust library's regular
    expressions; its pre-tokenizer leaves those, and only those, with a letter before them."""
    points = np.array([p for p in range(0x110000) if not 0xD800 <= p < 0xE000], np.int64)
    codes = np.full(0x110000, _OTHER, np.int64)
    whole = Whitespace()
    for part in np.array_split(points, len(points) // _ASKED_AT_ONCE):
        text = "\n".join(f"a{chr(point)}" for point in part.tolist())
        for _, (start, end) in whole.pre_tokenize_str(text):
            if end - start == 2:
                codes[part[start // 3]] = _OF_WORD
    return codes


class WordsBeside(TrieReader):
    """Bytes and marks int64[n], of which what LookAhead puts after a text is no part -> two
    int64[n], 1 where a word's character stands before a place, and where one begins there."""

    def __init__(self, values: int, *, widen: bool) -> None:
        """values: how many bytes and marks there may be."""
        super().__init__(widen=widen)
        root, trie = lay_out_trie(word_characters(), 1 + _OTHER, values)
        root[CLS_BYTE:] = _OTHER
        self._table("root", root)
        self._table("trie", trie)
        self._table("continuation", lay_out_continuation(values))
        # What stands after a text is no character of it.
        self.ahead = LookAhead(end=0)

    def forward(self, data: Tensor) -> tuple[Tensor, Tensor]:
        code = torch.cat([self._codes(data)[:-1], self.ahead.suffix.long()])
        here = torch.arange(code.shape[0])
        # The first place has the mark before the text.
        begins = code.clamp(max=1)
        number = begins.cumsum(0) - 1
        places = (here * 0).scatter_add(0, number.clamp(min=0), here * begins)
        last = code.gather(0, places.gather(0, number.clamp(min=0)))
        of_word = (last == _OF_WORD).long()
        return torch.cat([of_word[:1] * 0, of_word[:-1]]), (code == _OF_WORD).long()
