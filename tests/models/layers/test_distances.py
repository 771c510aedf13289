"""Scores of how far two pieces are apart are those of transformers' MPNet."""

import torch

from edgetext.models.layers.distances import DistanceScores, buckets_of

# The least distance of each bucket of 32 after that of 0, by transformers 5.24
# (MPNetEncoder.relative_position_bucket).
BEGINNINGS = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91]


def test_buckets_grow_with_the_distance():
    before = buckets_of(-torch.arange(600), 32)
    assert before.diff().nonzero().reshape(-1).add(1).tolist() == BEGINNINGS
    assert before[-1] == 15
    behind = buckets_of(torch.arange(1, 600), 32)
    assert behind.equal(before[1:] + 16)


def test_a_row_sees_pieces_before_it_and_behind():
    scores = DistanceScores(32, 2, 6)
    with torch.no_grad():
        scores.weight[:] = torch.arange(64).reshape(32, 2)
    one, other = scores(3, torch.device("cpu"))
    assert one.tolist() == [[0, 34, 36], [2, 0, 34], [4, 2, 0]]
    assert other.equal(one + 1)
