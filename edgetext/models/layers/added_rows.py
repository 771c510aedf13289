"""The vectors of hashed words: sums of the rows of their n-grams."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from edgetext.text.hashed.lexicon import Lexicon

# A word has some twenty n-grams, and so their rows begin smaller than those of pieces.
FEWER = 0.3


def sums_of_words(rows: Callable[[Tensor], Tensor], lexicon: Lexicon, words: Tensor) -> Tensor:
    """Give numbers of the lexicon's words int64[B, T] their vectors float[B, T, E]."""
    unique, place = words.unique(return_inverse=True)
    grams = [lexicon.grams[number] for number in unique.tolist()]
    owner = np.repeat(np.arange(len(grams)), [len(each) for each in grams])
    numbers, owners = (
        torch.from_numpy(values).to(words.device) for values in (np.concatenate(grams), owner)
    )
    given = rows(numbers)
    sums = given.new_zeros(len(grams), given.shape[1]).index_add(0, owners, given)
    return sums[place]


def sums_of_text(
    rows: Callable[[Tensor], Tensor], lengths: int, numbers: Tensor, edges: Tensor
) -> Tensor:
    """Give the words of a text their vectors float[1, 1 + W, E].

    numbers int64[m lengths], edges int64[2 (1 + W)]: see text.hashed.graph.HashedPieces.
    """
    # One running sum of all n-grams: adding those of a place first would be another pass.
    sums = rows(numbers).cumsum(dim=0)
    last = edges * lengths + (lengths - 1)
    begin, end = sums.index_select(0, last).reshape(2, -1, sums.shape[1]).split(1)
    return end - begin
