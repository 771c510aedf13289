"""What attention adds to a score for how far two pieces are apart."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding

# Pieces this far apart, or farther, are of the last bucket.
FARTHEST = 128


class DistanceScores(nn.Module):
    """A learned score a head for each bucket of distances (Raffel et al. 2020, §2.1; MPNet, Song et
    al. 2020, has them beside learned places).

    weight: float[buckets, heads]. Half of the buckets are for pieces behind and half for pieces
    before; of these half are for one distance each, and the others grow with the distance.
    """

    bucket: Tensor

    def __init__(self, buckets: int, heads: int, positions: int) -> None:
        super().__init__()
        self.most = positions - 1
        self.weight = nn.Parameter(torch.zeros(buckets, heads))
        apart = torch.arange(-self.most, self.most + 1)
        self.register_buffer("bucket", buckets_of(apart, buckets), persistent=False)

    def forward(self, length: int, device: torch.device) -> Tensor:
        """Give the scores float[heads, length, length] of a piece a row, of those that it sees."""
        place = torch.arange(length, device=device)
        apart = place.unsqueeze(0) - place.unsqueeze(1)
        by_distance = embedding(self.bucket, self.weight)
        return embedding(apart + self.most, by_distance).permute(2, 0, 1)


def buckets_of(apart: Tensor, buckets: int) -> Tensor:
    """Give the bucket int64[N] of each distance int64[N], above 0 where a piece is behind.

    Logarithms are in float32, as those are that published weights were trained with: some distances
    are at the very edge of a bucket.
    """
    half = buckets // 2
    exact = half // 2
    far = apart.abs()
    grown = torch.log(far.to(torch.float32) / exact) / math.log(FARTHEST / exact) * (half - exact)
    # The logarithm of 0 is minus infinity, which is no number of a bucket, and is not taken.
    large = (exact + grown.clamp(min=0).to(torch.int64)).clamp(max=half - 1)
    return torch.where(far < exact, far, large) + (apart > 0).to(torch.int64) * half
