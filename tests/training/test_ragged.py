"""Rows of different lengths: padded, taken and added up."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from edgetext.training.ragged import Ragged

ROWS = st.lists(st.lists(st.integers(-5, 5), max_size=6), min_size=1, max_size=8)


def ragged(rows):
    return Ragged.of([np.array(row, np.int32) for row in rows], np.int32)


@given(ROWS, st.data())
def test_what_is_asked_for_is_there(rows, data):
    index = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=5))
    chosen = [rows[i] for i in index]
    width = max(map(len, chosen))
    expected = [row + [-9] * (width - len(row)) for row in chosen]
    at = torch.tensor(index)
    assert ragged(rows).padded(at, width, -9).tolist() == expected
    taken = ragged(rows).take(at)
    assert taken.padded(torch.arange(len(index)), width, -9).tolist() == expected
    assert ragged(rows).sums().tolist() == [sum(row) for row in rows]


@given(ROWS, st.data())
def test_parts_are_joined(rows, data):
    cut = data.draw(st.integers(0, len(rows)))
    joined = Ragged.joined([ragged(rows[:cut]), ragged(rows[cut:])])
    whole = ragged(rows)
    assert torch.equal(joined.values, whole.values) and torch.equal(joined.begin, whole.begin)


def test_a_long_row_takes_no_more_than_itself():
    rows = [np.zeros(1, np.int32)] * 1000 + [np.zeros(5000, np.int32)]
    assert len(Ragged.of(rows, np.int32).values) == 6000
