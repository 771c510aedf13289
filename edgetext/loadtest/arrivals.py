"""When requests are due: patterns in words, and the schedule that one makes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from edgetext.core.errors import EdgetextError

# The fields of each pattern, all of them rates in requests a second.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "poisson": ("rate",),
    "constant": ("rate",),
    "ramp": ("from", "to"),
    "daily": ("low", "high"),
}
# Steps in which a rate that changes is summed up.
STEPS = 10_000
# Requests of a schedule, which is in memory and sent by one process: hours of what that can send.
MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Schedule:
    """Requests and when they are due.

    times: float64[n], seconds from the begin, ascending. counts: int64[n], texts of each request.
    texts: the text of each request, where these are given. seconds: how long the load lasts.
    """

    times: np.ndarray
    counts: np.ndarray
    seconds: float
    texts: Sequence[str] | None = None

    def __len__(self) -> int:
        return len(self.times)

    @property
    def rate(self) -> float:
        """Requests a second, in the mean."""
        return len(self.times) / self.seconds

    @property
    def gap_scv(self) -> float:
        """Squared coefficient of variation of the time between two requests: 1 where they come by
        chance (Poisson), 0 where they come evenly; 1 of fewer than three."""
        gaps = np.diff(self.times)
        if len(gaps) < 2 or not gaps.mean():
            return 1.0
        return float(gaps.var() / gaps.mean() ** 2)


class Arrivals(Protocol):
    """Where a schedule comes from: a pattern, or a trace. rate: requests a second, in the mean."""

    @property
    def rate(self) -> float: ...

    def scaled(self, factor: float) -> Arrivals: ...

    def schedule(self, seconds: float, seed: int) -> Schedule: ...


@dataclass(frozen=True, slots=True)
class Pattern:
    """A load by rule. kind: of FIELDS; first, second: its rates in requests a second, the same one
    twice where the rate stays."""

    kind: str
    first: float
    second: float

    @property
    def rate(self) -> float:
        """Requests a second, in the mean."""
        return (self.first + self.second) / 2

    def scaled(self, factor: float) -> Pattern:
        """Give the same pattern with all rates multiplied."""
        return replace(self, first=factor * self.first, second=factor * self.second)

    def schedule(self, seconds: float, seed: int) -> Schedule:
        """Draw the requests of so many seconds.

        What is not constant is a Poisson process: one of rate 1 whose time runs as fast as requests
        are expected (Çinlar, Introduction to Stochastic Processes, 1975, on time changes).
        EdgetextError where there would be more than MOST.
        """
        if seconds * self.rate > MOST:
            raise EdgetextError(
                f"{self}: {seconds:g} seconds of it have {seconds * self.rate:,.0f} requests, more "
                f"than the {MOST:,} that one process can send; give a lower rate or fewer seconds"
            )
        if self.kind == "constant":
            times = np.arange(math.ceil(seconds * self.rate)) / self.rate
        else:
            clock = np.linspace(0.0, seconds, STEPS + 1)
            rates = self._rates(clock / seconds)
            expected = np.concatenate(
                ([0.0], np.cumsum((rates[1:] + rates[:-1]) / 2) * seconds / STEPS)
            )
            total = expected[-1]
            generator = np.random.default_rng(seed)
            # Given their number, the arrivals of a Poisson process are uniform draws.
            arrivals = np.sort(generator.uniform(0.0, total, generator.poisson(total)))
            times = np.interp(arrivals, expected, clock)
        return Schedule(times, np.ones(len(times), np.int64), seconds)

    def _rates(self, share: np.ndarray) -> np.ndarray:
        """Requests a second at shares of the time, float64 as `share`; daily: lowest at both ends,
        highest in the middle."""
        if self.kind == "daily":
            share = (1 - np.cos(2 * np.pi * share)) / 2
        return np.asarray(self.first + (self.second - self.first) * share)

    def __str__(self) -> str:
        values = (self.first, self.second)
        fields = FIELDS[self.kind]
        return f"{self.kind}:" + ",".join(
            f"{name}={value:g}" for name, value in zip(fields, values, strict=False)
        )


def pattern_of(word: str) -> Pattern:
    """Read `poisson:rate=200`, `constant:rate=200`, `ramp:from=50,to=400` or
    `daily:low=50,high=400`; EdgetextError for all else, and for a rate that is not above 0."""
    kind, _, rest = word.partition(":")
    if kind not in FIELDS:
        forms = ", ".join(
            f"{name}:" + ",".join(f"{field}=R" for field in fields)
            for name, fields in FIELDS.items()
        )
        raise EdgetextError(
            f"--pattern {word}: there is no such pattern and no such file; give {forms} (R "
            "requests a second) or a trace as .csv"
        )
    given: dict[str, float] = {}
    for part in filter(None, rest.split(",")):
        name, _, value = part.partition("=")
        if name not in FIELDS[kind] or name in given:
            raise EdgetextError(
                f"--pattern {word}: {part} is no field of {kind}, or is there twice; it has "
                f"{' and '.join(FIELDS[kind])}"
            )
        given[name] = _rate(word, name, value)
    for name in FIELDS[kind]:
        if name not in given:
            raise EdgetextError(f"--pattern {word}: {name} is missing; add {name}=R")
    rates = [given[name] for name in FIELDS[kind]]
    if kind == "daily" and rates[0] > rates[1]:
        raise EdgetextError(f"--pattern {word}: low is above high; give them the other way round")
    return Pattern(kind, rates[0], rates[-1])


def _rate(word: str, name: str, value: str) -> float:
    try:
        rate = float(value)
    except ValueError:
        rate = math.nan
    if not 0 < rate < math.inf:
        raise EdgetextError(
            f"--pattern {word}: {name} is {value or 'empty'}; it must be a number of requests a "
            "second above 0"
        )
    return rate
