"""The queueing model against what is known exactly."""

import math

import numpy as np
import pytest

from edgetext.tuning.queueing import (
    Service,
    erlang_c,
    forecast,
    forecast_apart,
    highest_rate,
    mean_wait,
)


def exponential(mean, count=20_000):
    """A service whose times are exponential: middles of shares alike."""
    shares = (np.arange(count) + 0.5) / count
    return Service(mean, 1.0, 0.0, -mean * np.log1p(-shares))


@pytest.mark.parametrize(
    ("servers", "offered", "waits"),
    # By the closed forms: rho; rho^2 * 2 / (1 + rho); and published tables.
    [(1, 0.3, 0.3), (2, 1.0, 1 / 3), (2, 1.5, 0.6428571), (5, 4.0, 0.5541), (10, 8.0, 0.4092)],
)
def test_erlang_c(servers, offered, waits):
    assert erlang_c(servers, offered) == pytest.approx(waits, abs=5e-5)


def test_everyone_waits_where_more_comes_than_is_answered():
    assert erlang_c(3, 3.0) == 1
    assert mean_wait(300, 3, 0.01, 1.0) == math.inf
    assert forecast(300, 3, exponential(0.01)).p99 == math.inf


def test_mm1_is_exact():
    service = exponential(0.01)
    one = forecast(80, 1, service)
    # rho / (mu - lambda), and the sojourn is exponential of rate mu - lambda.
    assert one.mean_wait == pytest.approx(0.8 / 20)
    assert one.p99 == pytest.approx(math.log(100) / 20, rel=0.01)
    assert one.utilization == pytest.approx(0.8)


def test_mmk_is_exact():
    # M/M/2 at 0.75: Lq = C rho / (1 - rho), by Little's law.
    assert mean_wait(150, 2, 0.01, 1.0) == pytest.approx(0.6428571 * 0.01 / 0.5)


def test_md1_is_pollaczek_and_khinchin_s():
    assert mean_wait(50, 1, 0.01, 0.0) == pytest.approx(0.5 * 0.01 / (2 * 0.5))


def test_nobody_waits_for_a_machine_that_is_fed_evenly():
    assert mean_wait(50, 1, 0.01, service_scv=0.0, gap_scv=0.0) == 0
    service = Service(0.01, 0.0, 0.002, np.full(10, 0.01))
    assert forecast(50, 1, service, gap_scv=0.0).p99 == pytest.approx(0.012)


def test_a_simulated_queue_waits_as_long_as_the_model_says():
    generator = np.random.default_rng(7)
    count, mean, rate = 400_000, 0.01, 70.0
    # Gamma with a squared coefficient of variation of 4; Lindley's recursion for the waits.
    services = generator.gamma(0.25, mean / 0.25, count)
    steps = services[:-1] - generator.exponential(1 / rate, count - 1)
    walk = np.concatenate(([0.0], np.cumsum(steps)))
    waits = walk - np.minimum.accumulate(walk)
    assert mean_wait(rate, 1, mean, 4.0) == pytest.approx(waits.mean(), rel=0.15)
    samples = np.quantile(services, (np.arange(400) + 0.5) / 400)
    p99 = forecast(rate, 1, Service(mean, 4.0, 0.0, samples)).p99
    assert p99 == pytest.approx(np.quantile(waits + services, 0.99), rel=0.15)


def test_queues_apart_wait_longer_than_one():
    service = exponential(0.01)
    apart, shared = forecast_apart(300, 4, service), forecast(300, 4, service)
    assert apart.mean_wait == pytest.approx(forecast(75, 1, service).mean_wait)
    assert apart.mean_wait > 3 * shared.mean_wait
    assert apart.utilization == shared.utilization == pytest.approx(0.75)


def test_the_highest_rate_just_has_the_time():
    service = exponential(0.01)
    rate = highest_rate(service, 0.1)
    # ln(100) / (mu - lambda) = 0.1
    assert rate == pytest.approx(100 - math.log(100) / 0.1, rel=0.02)
    assert highest_rate(service, 0.001) == 0


def test_a_service_is_put_together_of_two_measurements():
    service = Service.of(0.01, alone=0.015, scv=2.0, quantiles=[0.004, 0.012, 0.03])
    assert service.overhead == pytest.approx(0.005)
    assert service.samples == pytest.approx([0, 0.007, 0.025])
    # An idle server may be faster than a busy one; nothing passes besides then.
    assert Service.of(0.01, alone=0.008, scv=2.0, quantiles=[0.008]).overhead == 0
