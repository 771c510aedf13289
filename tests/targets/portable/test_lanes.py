"""Keys of two 32-bit integers tell strings apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgetext.targets.portable.lanes import DIFFERENCE, draw_keys, lay_out_lanes
from edgetext.text.pieces import hash_strings

VALUES = 40
STRINGS = [[n] for n in range(20)] + [[n, (7 * n) % 20, n // 2] for n in range(20)] + [[1, 1, 1, 1]]
RANKS = np.arange(len(STRINGS), dtype=np.int64)[::-1].copy()


@pytest.fixture(scope="module")
def lanes():
    return lay_out_lanes(hash_strings(STRINGS, RANKS, VALUES))


def signed(number):
    """An integer of any size as what an int32 holds of it."""
    return (number + (1 << 31)) % (1 << 32) - (1 << 31)


def key_of(lanes, string, lane):
    """A string's key, by Python's integers."""
    value, power = lanes.value[lane, 0].tolist(), lanes.power[lane, :, 0].tolist()
    return signed(sum(value[s] * p for s, p in zip(string, power, strict=False)))


def difference(lanes, string):
    """How far a string's key is from that in its slot, the farther lane."""
    first, second = (key_of(lanes, string, lane) for lane in (0, 1))
    shift = int(lanes.shift[first % len(lanes.shift)])
    slot = (second + shift) % lanes.key.shape[1]
    keys = zip(lanes.key[:, slot].tolist(), (first, second), strict=True)
    return max((stored - key) & DIFFERENCE for stored, key in keys)


def test_each_string_has_its_rank(lanes):
    assert [difference(lanes, string) for string in STRINGS] == RANKS.tolist()


@given(st.lists(st.integers(0, VALUES - 1), min_size=1, max_size=4))
def test_no_other_string_has_one(lanes, string):
    if string not in STRINGS:
        assert difference(lanes, string) >= len(STRINGS)


def test_all_is_held_in_32_bits(lanes):
    for name in ("value", "power", "shift", "key"):
        assert getattr(lanes, name).dtype == np.int32, name
    for count in (len(lanes.shift), lanes.key.shape[1]):
        assert count & (count - 1) == 0


@given(st.lists(st.lists(st.integers(0, 8), min_size=5, max_size=5), min_size=1, max_size=6))
def test_keys_are_sums_that_wrap_round(rows):
    symbols = np.array(rows) - 1
    value, power, keys = draw_keys(np.random.Generator(np.random.PCG64(3)), symbols, 8)
    for lane in (0, 1):
        of_symbol, of_place = value[lane, 0].tolist(), power[lane, :, 0].tolist()
        expected = [
            signed(sum(of_symbol[s] * p for s, p in zip(row, of_place, strict=True) if s >= 0))
            for row in symbols.tolist()
        ]
        assert keys[lane].tolist() == expected


def test_a_table_that_fills_its_slots_well_is_still_laid_out():
    strings = [[n // 60, n % 60] for n in range(1900)]
    ranks = np.arange(len(strings), dtype=np.int64)
    lanes = lay_out_lanes(hash_strings(strings, ranks, 128))
    assert [difference(lanes, string) for string in strings] == ranks.tolist()
