"""Intervals hold what they promise."""

import random
from collections import Counter

import pytest

from edgetext.serving.live.durations import bucket, upper_bound
from edgetext.serving.live.intervals import (
    ALPHA,
    at_least,
    at_most,
    difference_at_most,
    look,
    mcnemar,
    quantile,
    quantile_bounds,
    wilson,
)


def test_wilson_as_in_textbooks():
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_exact_bounds_as_in_textbooks():
    # The same table, Clopper and Pearson with 2.5 % on each side.
    assert at_least(81, 263, 0.025) == pytest.approx(0.2527, abs=5e-5)
    assert at_most(81, 263, 0.025) == pytest.approx(0.3676, abs=5e-5)
    assert (at_least(0, 20, 0.025), at_most(20, 20, 0.025)) == (0.0, 1.0)


def test_mcnemar():
    assert mcnemar(0, 0) == 1.0 and mcnemar(5, 5) == 1.0
    assert mcnemar(10, 0) == pytest.approx(2 / 2**10)


def test_a_difference_lies_below_its_bound():
    assert difference_at_most(40, 5, 500, 0.025) < -0.04
    assert difference_at_most(10, 10, 500, 0.025) > 0
    # Less is sure of less.
    assert difference_at_most(4, 1, 50, 0.025) > difference_at_most(40, 10, 500, 0.025)


def test_quantiles_of_a_histogram():
    rng = random.Random(1)
    values = [rng.lognormvariate(-6, 1) for _ in range(10_000)]
    histogram = Counter(map(bucket, values))
    true = sorted(values)[9900]
    assert quantile(histogram, 0.99) == pytest.approx(true, rel=0.05)
    low, high = quantile_bounds(histogram, 0.99, 0.025)
    assert low < true < high
    assert quantile({}, 0.5) is None and quantile_bounds({}, 0.99, 0.025) == (None, None)
    # The largest of 100 may lie below the p99.
    assert quantile_bounds(Counter([1] * 100), 0.99, 0.025)[1] is None


def test_a_bucket_holds_its_seconds():
    for seconds in (1e-7, 1e-6, 0.00031, 0.5, 100):
        assert bucket(upper_bound(bucket(seconds)) * 0.999) == bucket(seconds)


def test_all_looks_together_are_wrong_rarely():
    assert look(200, 199) is None and look(200, 200) == (0, ALPHA / 2)
    assert look(200, 250)[0] == 1 and look(200, 249)[0] == 0
    alphas = {look(10, 10 + n) for n in range(100_000)}
    assert sum(alpha for _, alpha in alphas) < ALPHA
