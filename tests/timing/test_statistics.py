"""Percentiles, their intervals, ratios and exponents."""

import numpy as np
import pytest

from edgetext.timing import statistics


def rounds(scale=1.0, seed=0):
    generator = np.random.default_rng(seed)
    return [scale * generator.lognormal(5, 0.1, 50) for _ in range(12)]


def test_percentiles_are_those_of_all_calls_and_lie_in_their_intervals():
    times = rounds()
    found = statistics.summarize(times, seed=1)
    assert found["calls"] == 600 and found["rounds"] == 12
    for share in (50, 90, 99):
        assert found[f"p{share}_us"] == pytest.approx(
            np.percentile(np.concatenate(times), share), abs=0.001
        )
        low, high = found[f"p{share}_interval"]
        assert low <= found[f"p{share}_us"] <= high


def test_outliers_are_counted_and_shown_and_not_left_out():
    times = rounds()
    times[3][7] = 90_000.0
    found = statistics.summarize(times, seed=1)
    assert found["outliers"]["count"] == 1
    assert found["outliers"]["largest_us"] == [90_000.0]
    assert found["curve_us"][-1] == [100, 90_000.0]


def test_the_same_seed_gives_the_same_interval():
    assert statistics.summarize(rounds(), 4) == statistics.summarize(rounds(), 4)


def test_a_ratio_of_two_cells_holds_the_truth():
    old = [float(np.median(x)) for x in rounds(seed=1)]
    new = [float(np.median(x)) for x in rounds(1.5, seed=2)]
    middle, (low, high) = statistics.ratio(old, new)
    assert low <= 1.5 <= high and middle == pytest.approx(1.5, rel=0.05)


def test_pairing_takes_away_what_a_round_does_to_both():
    noise = np.random.default_rng(3).lognormal(0, 0.8, 20)
    middle, (low, high) = statistics.paired_ratio(list(100 * noise), list(130 * noise))
    assert middle == pytest.approx(1.3) and high - low < 1e-9


def test_exponents_need_three_sizes():
    assert statistics.exponent([1, 10, 100], [3, 30, 300]) == pytest.approx(1)
    assert statistics.exponent([1, 10, 100], [2, 200, 20000]) == pytest.approx(2)
    assert statistics.exponent([1, 10], [1, 2]) is None
