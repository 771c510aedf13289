"""The vectors of hashed words: sums of the rows of their n-grams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import embedding

from edgetext.text.hashed.lexicon import Lexicon

# A word has some twenty n-grams, and so their rows begin smaller than those of pieces.
FEWER = 0.3
# Places that are added before a running sum.
BLOCK = 4


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
    rows: Callable[[Tensor], Tensor],
    lengths: int,
    numbers: Tensor,
    edges: Tensor,
    *,
    by_place: bool = False,
) -> Tensor:
    """Give the words of a text their vectors float[1, 1 + W, E].

    numbers int64[m lengths], edges int64[2 (1 + W)]: see text.hashed.graph.HashedPieces. by_place:
    add the rows of each place, and of the places of a block, before the running sum, which is
    shorter then, by numbers that are length by length. One sum over all of them is faster where a
    running sum costs no more than adding, as in ONNX Runtime, and not where it costs several times
    as much, as in ExecuTorch.
    """
    last = edges.reshape(2, -1)
    if by_place:
        return _sums_by_block(rows, numbers.reshape(lengths, -1), last)
    given = rows(numbers)
    last = last * lengths + (lengths - 1)
    return _between(given.cumsum(dim=0), last)


def _sums_by_block(rows: Callable[[Tensor], Tensor], numbers: Tensor, last: Tensor) -> Tensor:
    """numbers int64[lengths, m], last int64[2, 1 + W] -> float[1, 1 + W, E]. The sums within all
    blocks are made at once, place by place, and the running sum is of whole blocks."""
    lengths, places = numbers.shape
    # One more than are full; beyond the last place no word ends.
    blocks = places // BLOCK + 1
    place = torch.arange(blocks) * BLOCK + torch.arange(BLOCK).unsqueeze(1)
    place = place.clamp(max=places - 1).reshape(-1)
    chosen = numbers.index_select(1, place).reshape(lengths, BLOCK, -1)
    given, *others = map(rows, chosen.split(1))
    for other in others:
        given = given + other
    within = list(given.squeeze(0).split(1))
    for number in range(1, BLOCK):
        within[number] = within[number - 1] + within[number]
    whole = within[-1].squeeze(0)
    before = torch.cat([torch.zeros(1, whole.shape[1]), whole.cumsum(dim=0)])
    sums = torch.cat(within).reshape(-1, whole.shape[1])
    block = last // BLOCK
    at = (last - block * BLOCK) * blocks + block
    begin, end = (embedding(at, sums) + embedding(block, before)).split(1)
    return end - begin


def sums_of_texts(
    table: Any, lengths: int, numbers: Tensor, edges: Tensor, others: Tensor | None = None
) -> Tensor:
    """Give the words of several texts the vectors that they have alone, float[1, R, E].

    numbers, edges: as in `sums_of_text`. others: int64[1, R], a row more for each word. A running
    sum goes on over all texts, and so it is of integers, or of double precision where rows are no
    integers of one scale.
    """
    last = edges.reshape(2, -1) * lengths + (lengths - 1)
    integers = getattr(table, "per_tensor", False)

    def rows(of: Tensor) -> Any:
        return embedding(of, table.weight).to(torch.int32) if integers else table(of).double()

    given = rows(numbers)
    sums = _between(given.cumsum(dim=0, dtype=given.dtype), last)
    if others is not None:
        sums = sums + rows(others)
    sums = sums.to(torch.float32)
    return sums * table.scale if integers else sums


def _between(sums: Tensor, last: Tensor) -> Tensor:
    """Give what running sums grow by between pairs of places, last int64[2, R]: [1, R, E]."""
    begin, end = embedding(last, sums).split(1)
    return end - begin
