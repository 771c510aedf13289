"""The saturation curve of a setting, measured, beside what the queueing model says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.tuning.load import Load
from edgetext.tuning.measurement import Measurement
from edgetext.tuning.measurer import Measurer
from edgetext.tuning.queueing import Forecast, Service, forecast, forecast_apart

# Shares of what the setting answers at most.
SHARES = (0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1)


@dataclass(frozen=True, slots=True)
class Point:
    """One rate of the curve. wait: mean seconds beyond an answer that nobody waited for. shared:
    the model with one queue for all processes; apart: with one for each, as the server has it."""

    share: float
    measured: Measurement
    wait: float
    shared: Forecast
    apart: Forecast


@dataclass(frozen=True, slots=True)
class Curve:
    """capacities: what is answered at most, before the first point and after each. unhurried: an
    answer where nobody waits. service: by all of these. gap_scv: of the arrivals, see Schedule."""

    capacities: Sequence[Measurement]
    unhurried: Measurement
    service: Service
    gap_scv: float
    points: Sequence[Point]

    @property
    def capacity(self) -> float:
        """Requests a second that are answered at most, in the mean."""
        return _capacity(self.capacities)

    @property
    def busy(self) -> float:
        """The share of a core that a process had when it was busy all the time; far below 1 where
        other programs run, too."""
        return float(np.mean([one.busy for one in self.capacities]))

    def highest_rate(self, p99: float, errors: float) -> float:
        """Give the rate up to which the target was met, between two points by a straight line; 0
        where it never was."""
        met = 0.0
        before: Measurement | None = None
        for point in self.points:
            one = point.measured
            if one.p99 <= p99 and one.errors <= errors:
                met, before = one.rate, one
                continue
            if before is not None and one.errors <= errors:
                part = (p99 - before.p99) / (one.p99 - before.p99)
                met = before.rate + part * (one.rate - before.rate)
            break
        return met


def saturation(measurer: Measurer, load: Load, seconds: float) -> Curve:
    """Measure a setting alone, at its limit, and at SHARES of it with arrivals like the load's.

    seconds: how long each of these shares is offered.

    The limit is measured before the first point and after each: other programs take more from a
    machine at one time than at another, so that a point is a share of the limit right before it,
    and the model has the mean of the limits on both sides of it.
    """
    unhurried = measurer.unhurried(seconds / 2)
    capacities = [_limit(measurer, seconds / 2, 0)]
    measured = []
    for number, share in enumerate(SHARES, start=1):
        measured.append(measurer.bears(load.at(share * capacities[-1].throughput, seconds)))
        capacities.append(_limit(measurer, seconds / 2, number))
    processes = measurer.setting.processes
    # How much answers vary needs many windows; what they take in the mean does not.
    scv = float(np.mean([one.dispersion for one in capacities]))

    def service(beside: Sequence[Measurement]) -> Service:
        return Service.of(processes / _capacity(beside), unhurried.mean, scv, unhurried.quantiles)

    points = []
    for number, (share, one) in enumerate(zip(SHARES, measured, strict=True)):
        there = service(capacities[number : number + 2])
        points.append(
            Point(
                share,
                one,
                max(0.0, one.mean - unhurried.mean),
                forecast(one.rate, processes, there, one.gap_scv),
                forecast_apart(one.rate, processes, there, one.gap_scv),
            )
        )
    gap_scv = float(np.mean([one.gap_scv for one in measured]))
    return Curve(capacities, unhurried, service(capacities), gap_scv, points)


def _limit(measurer: Measurer, seconds: float, number: int) -> Measurement:
    """Measure what is answered at most; EdgetextError where nothing is."""
    capacity = measurer.capacity(seconds, number)
    if not capacity.throughput:
        raise EdgetextError(
            f"{measurer.setting}: no request was answered ({dict(capacity.statuses)}); ask it by "
            "hand, as the guide shows"
        )
    return capacity


def _capacity(capacities: Sequence[Measurement]) -> float:
    return float(np.mean([one.throughput for one in capacities]))
