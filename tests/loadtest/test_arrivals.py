"""Patterns of load: when requests are due."""

import numpy as np
import pytest

from edgetext.core.errors import EdgetextError
from edgetext.loadtest.arrivals import pattern_of


def test_poisson_arrivals_have_the_rate_and_gaps_of_an_exponential():
    schedule = pattern_of("poisson:rate=200").schedule(seconds=100, seed=3)
    # Four standard deviations of a Poisson count of 20,000.
    assert abs(len(schedule) - 20_000) < 4 * np.sqrt(20_000)
    assert schedule.gap_scv == pytest.approx(1, abs=0.06)
    gaps = np.diff(schedule.times)
    assert np.quantile(gaps, 0.5) == pytest.approx(np.log(2) / 200, rel=0.05)
    assert (gaps >= 0).all() and schedule.times[0] >= 0 and schedule.times[-1] < 100


def test_constant_arrivals_come_evenly():
    schedule = pattern_of("constant:rate=4").schedule(seconds=2, seed=0)
    assert schedule.times.tolist() == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75]
    assert schedule.gap_scv == 0
    assert schedule.rate == 4


def test_a_seed_draws_the_same_arrivals_again_and_another_does_not():
    pattern = pattern_of("poisson:rate=50")
    first, same, other = (pattern.schedule(2, seed).times.tolist() for seed in (1, 1, 2))
    assert first == same != other


def test_a_ramp_has_three_times_as_many_in_its_second_half():
    times = pattern_of("ramp:from=0.001,to=1000").schedule(40, 5).times
    halves = np.histogram(times, [0, 20, 40])[0]
    assert halves[1] / halves[0] == pytest.approx(3, rel=0.1)


def test_a_day_is_busiest_in_its_middle():
    times = pattern_of("daily:low=100,high=900").schedule(30, 5).times
    thirds = np.histogram(times, [0, 10, 20, 30])[0]
    assert thirds[1] > 1.5 * thirds[0]
    assert thirds[0] == pytest.approx(thirds[2], rel=0.1)
    assert len(times) == pytest.approx(30 * 500, rel=0.05)


def test_a_pattern_can_be_scaled_and_says_what_it_is():
    scaled = pattern_of("daily:low=100,high=300").scaled(0.5)
    assert str(scaled) == "daily:low=50,high=150"
    assert scaled.rate == 100
    assert str(pattern_of("poisson:rate=200")) == "poisson:rate=200"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("bursty:rate=2", "there is no such pattern"),
        ("poisson", "rate is missing"),
        ("poisson:rate=0", "rate is 0; it must be a number of requests a second above 0"),
        ("poisson:rate=-1", "rate is -1"),
        ("poisson:rate=inf", "rate is inf"),
        ("poisson:rate=", "rate is empty"),
        ("poisson:rate=fast", "rate is fast"),
        ("poisson:speed=3", "speed=3 is no field of poisson"),
        ("poisson:rate=3,rate=4", "is there twice"),
        ("daily:low=5,high=1", "low is above high"),
        ("ramp:from=3", "to is missing; add to=R"),
    ],
)
def test_a_pattern_that_is_none_is_said(word, said):
    with pytest.raises(EdgetextError, match=f"--pattern {word}: .*{said}"):
        pattern_of(word)


@pytest.mark.parametrize("word", ["poisson:rate=1e12", "constant:rate=1e12", "ramp:from=1,to=1e12"])
def test_more_requests_than_memory_holds_are_said(word):
    with pytest.raises(EdgetextError, match="more than the 10,000,000 that one process can send"):
        pattern_of(word).schedule(10.0, 0)
