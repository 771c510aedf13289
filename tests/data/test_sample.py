"""A few of many."""

from itertools import pairwise

import pytest

from edgetext.data.sample import evenly


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 1000])
def test_evenly_out_of_all(count):
    kept = evenly(iter(range(count)), 10)
    assert len(kept) <= 10
    assert kept == list(range(count)) if count <= 10 else len(kept) >= 5
    steps = {b - a for a, b in pairwise(kept)}
    assert len(steps) <= 1
    assert kept[:1] == list(range(count))[:1]
