"""Which row of a table a word of a text has together with the word before it.

[CLS] is the word before a text's first one, and before itself.
"""

from __future__ import annotations

import torch
from torch import Tensor

from edgetext.text.hashed.lexicon import Lexicon
from edgetext.text.hashed.pairs import WordPairs
from edgetext.text.vocabulary import PAD, UNK


def pairs_of_words(pairs: WordPairs, lexicon: Lexicon, words: Tensor) -> Tensor:
    """Number the pairs of the lexicon's words int64[B, T]: int64[B, T].

    A pair with [UNK], which stands where training drops a word, is 0, and so is one with [PAD].
    """
    unique, place = words.unique(return_inverse=True)
    sums = [lexicon.sums[number] for number in unique.tolist()]
    cut = pairs.cut(torch.tensor(sums, device=words.device))
    cut, known = cut[place], (words != PAD) & (words != UNK)
    numbers = pairs.numbers(_before(cut), cut)
    return numbers.masked_fill(~(known & _before(known)), 0)


def pairs_of_text(
    pairs: WordPairs,
    lengths: int,
    numbers: Tensor,
    edges: Tensor,
    *,
    by_place: bool = False,
    is_mark: Tensor | None = None,
) -> Tensor:
    """Number the pairs of a text's words: int64[1, 1 + W].

    numbers int64[m lengths], edges int64[2 (1 + W)]: see text.hashed.graph.HashedPieces. by_place:
    the numbers are length by length. is_mark: of several texts one after another, int64[R], 1 where
    the word is [CLS].
    """
    if by_place:
        total, *others = numbers.reshape(lengths, -1).split(1)
        for other in others:
            total = total + other
        running = total.reshape(-1).cumsum(0)
        at_edges = running.gather(0, edges).reshape(2, -1)
    else:
        # The same places as in sums_of_text, so that a file computes them once.
        at_edges = numbers.cumsum(0)[edges.reshape(2, -1) * lengths + (lengths - 1)]
    begin, end = at_edges.split(1)
    cut = pairs.cut(end - begin)
    before = _before(cut)
    if is_mark is not None:
        before = before + is_mark * (cut - before)
    return pairs.numbers(before, cut)


def _before(values: Tensor) -> Tensor:
    """Give [B, T] what each place's predecessor in its row has, the first place its own."""
    return torch.cat([values[:, :1], values[:, :-1]], dim=1)
