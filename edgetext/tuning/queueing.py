"""A queueing model of a server: how long requests wait, from how long an answer takes.

A server of k processes is k queues or one: by SO_REUSEPORT the kernel gives each connection to one
process, so that requests wait for that one although another may be free.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Halvings after which a time is as exact as a float.
HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Service:
    """What one process does, times in seconds.

    mean: of the process's time that an answer takes, the inverse of what it answers at most. scv:
    the squared coefficient of variation of that. overhead: what an answer takes besides, with
    nobody waiting, in the network and the client. samples: float64[n], service times alike in
    likelihood.
    """

    mean: float
    scv: float
    overhead: float
    samples: np.ndarray

    @classmethod
    def of(cls, mean: float, alone: float, scv: float, quantiles: Sequence[float]) -> Service:
        """Take mean and variation from a server that is never idle, and the rest from answers that
        nobody waited for.

        alone: how long these took in the mean; quantiles: of the same. What `alone` is beyond the
        mean is taken as the same in each.
        """
        overhead = max(0.0, alone - mean)
        samples = np.maximum(np.asarray(quantiles, float) - overhead, 0.0)
        return cls(mean, scv, overhead, samples)


@dataclass(frozen=True, slots=True)
class Forecast:
    """mean_wait: seconds in the queue; p99: seconds from a request to its answer. Both infinite
    where more comes than is answered."""

    utilization: float
    mean_wait: float
    p99: float


def erlang_c(servers: int, offered: float) -> float:
    """Give the probability that an arrival has to wait in M/M/k (A. K. Erlang, 1917), by the
    recursion of Erlang's B, which no large factorial is in.

    offered: arrivals a second times seconds of service, below `servers`; 1 from there on.
    """
    if offered >= servers:
        return 1.0
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    return blocked / (1 - offered / servers * (1 - blocked))


def mean_wait(
    rate: float, servers: int, mean: float, service_scv: float, gap_scv: float = 1.0
) -> float:
    """Give the mean time in the queue of G/G/k in seconds, by Allen and Cunneen's approximation
    (A. O. Allen, Probability, Statistics, and Queueing Theory, 1978): that of M/M/k times the mean
    of both squared coefficients of variation. It is exact for M/M/k, and for M/G/1, where it is
    Pollaczek and Khinchin's formula; for G/G/1 it nears J. F. C. Kingman's (1961) in heavy traffic.

    rate: arrivals a second. mean: seconds of service. Infinite where the rate is what the servers
    can answer, or more.
    """
    offered = rate * mean
    if offered >= servers:
        return math.inf
    exponential = erlang_c(servers, offered) * mean / (servers - offered)
    return exponential * (service_scv + gap_scv) / 2


def forecast(rate: float, servers: int, service: Service, gap_scv: float = 1.0) -> Forecast:
    """Predict what `servers` processes with one queue do at a rate.

    The p99 is of the sum of service and wait, where who waits at all does so for a time that is
    distributed exponentially, as in heavy traffic (J. F. C. Kingman, 1962), with the mean of
    `mean_wait`.
    """
    wait = mean_wait(rate, servers, service.mean, service.scv, gap_scv)
    offered = rate * service.mean
    if math.isinf(wait):
        return Forecast(offered / servers, wait, wait)
    waiting = erlang_c(servers, offered)
    p99 = service.overhead + _quantile(0.99, service.samples, waiting, wait)
    return Forecast(offered / servers, wait, p99)


def forecast_apart(rate: float, processes: int, service: Service, gap_scv: float = 1.0) -> Forecast:
    """Predict the same where each process has a queue of its own, and requests fall to one by
    chance: their arrivals are nearer to Poisson's (W. Whitt, The Queueing Network Analyzer, 1983).
    """
    return forecast(rate / processes, 1, service, 1 + (gap_scv - 1) / processes)


def highest_rate(service: Service, p99: float, gap_scv: float = 1.0) -> float:
    """Give the rate, in requests a second, at which one process just has this p99 in seconds; 0
    where it never has."""
    low, high = 0.0, 1 / service.mean
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if forecast(middle, 1, service, gap_scv).p99 <= p99:
            low = middle
        else:
            high = middle
    return low if forecast(low, 1, service, gap_scv).p99 <= p99 else 0.0


def _quantile(share: float, samples: np.ndarray, waiting: float, wait: float) -> float:
    """The quantile of a sample plus a wait, which is 0 but for a share `waiting` of requests."""
    low, high = 0.0, float(samples.max()) + 1e-9
    if not waiting or not wait:
        return float(np.quantile(samples, share))
    scale = wait / waiting

    def beyond(time: float) -> float:
        left = time - samples
        more = np.where(left < 0, 1.0, waiting * np.exp(-np.maximum(left, 0.0) / scale))
        return float(more.mean())

    while beyond(high) > 1 - share:
        high *= 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle) > 1 - share else (low, middle)
    return high
