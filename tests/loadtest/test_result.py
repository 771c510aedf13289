"""What became of a load, in figures."""

import numpy as np
import pytest

from edgetext.loadtest.result import Result


@pytest.fixture
def result():
    """Ten requests a tenth of a second apart: one without a response, one refused."""
    latency = np.full(10, 0.01)
    latency[9], latency[3] = 0.5, np.nan
    status = np.full(10, 200)
    status[3], status[4] = 0, 429
    late = np.zeros(10)
    return Result(np.arange(10) / 10, late, latency, status, 1.0, {"timed out": 1})


def test_statuses_and_failures_are_counted(result):
    assert result.statuses() == {"200": 8, "429": 1, "timed out": 1}
    assert result.errors == pytest.approx(0.2)


def test_times_are_those_of_the_answered(result):
    assert len(result.answered) == 8
    assert result.percentile(50) == 0.01
    assert result.percentile(100) == 0.5


def test_a_load_lasts_until_its_last_response(result):
    assert result.lasted == pytest.approx(1.4)
    assert result.throughput == pytest.approx(8 / 1.4)


def test_a_late_generator_is_told(result):
    assert result.in_time()
    result.late[5] = 0.2
    assert not result.in_time()
    assert result.in_time(most=0.5)


def test_no_connections_left_is_no_valid_load():
    array = np.zeros(2)
    result = Result(array, array, array, array, 1.0, {"too many connections": 2})
    assert not result.in_time()


def test_nothing_answered_has_no_percentile():
    array = np.zeros(2)
    result = Result(array, array, array + np.nan, array, 1.0, {"closed by the server": 2})
    assert np.isnan(result.percentile(99))
    assert (result.errors, result.throughput, result.dispersion) == (1, 0, 1)


def test_answers_by_chance_have_the_dispersion_of_poisson_and_even_ones_have_none():
    generator = np.random.default_rng(1)
    due = np.sort(generator.uniform(0, 100, 100_000))
    zeros = np.zeros(len(due))
    by_chance = Result(due, zeros, zeros, zeros + 200, 100.0)
    assert by_chance.dispersion == pytest.approx(1, abs=0.1)
    even = Result(np.arange(1e5) / 1e3, zeros, zeros, zeros + 200, 100.0)
    assert even.dispersion < 0.1
