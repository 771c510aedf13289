"""The vectors of hashed words: sums of the rows of their n-grams."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.text.hashed.lexicon import Lexicon


class HashedEmbedding(nn.Module):
    """Numbers of a lexicon's words int64[B, T], or HashedPieces of one text, -> float[B, T,
    dimension].

    rows: one learned row a bucket, which compression may replace. That of number 0 stays zero.
    """

    def __init__(self, buckets: int, dimension: int, lexicon: Lexicon) -> None:
        super().__init__()
        self.rows = TokenEmbedding(buckets, dimension, added=True)
        self.lexicon = lexicon
        self.lengths = lexicon.lengths
        with torch.no_grad():
            # A word has some twenty n-grams.
            self.rows.weight.mul_(0.3)
            self.rows.weight[0] = 0

    def forward(self, words: Tensor | tuple[Tensor, Tensor]) -> Tensor:
        if isinstance(words, Tensor):
            return self._of_lexicon(words)
        return self._of_text(*words)

    def _of_lexicon(self, words: Tensor) -> Tensor:
        unique, place = words.unique(return_inverse=True)
        grams = [self.lexicon.grams[number] for number in unique.tolist()]
        owner = np.repeat(np.arange(len(grams)), [len(each) for each in grams])
        numbers = torch.from_numpy(np.concatenate(grams)).to(words.device)
        rows = self.rows(numbers[None]).squeeze(0)
        sums = rows.new_zeros(len(grams), rows.shape[1])
        sums = sums.index_add(0, torch.from_numpy(owner).to(words.device), rows)
        return sums[place]

    def _of_text(self, numbers: Tensor, edges: Tensor) -> Tensor:
        """numbers int64[m lengths], edges int64[2 (1 + W)]: see HashedPieces."""
        # One running sum of all n-grams: adding those of a place first would be another pass.
        sums = self.rows(numbers).cumsum(dim=0)
        last = edges * self.lengths + (self.lengths - 1)
        begin, end = sums.index_select(0, last).reshape(2, -1, sums.shape[1]).split(1)
        return end - begin
