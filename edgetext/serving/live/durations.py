"""Durations in a histogram whose buckets grow by 1.02, so that a quantile is known to within two
in a hundred whatever it is."""

from __future__ import annotations

from math import exp, floor, log

STEP = log(1.02)
_LEAST = 1e-6


def bucket(seconds: float) -> int:
    """Give the number of the bucket of a duration."""
    return floor(log(max(seconds, _LEAST) / _LEAST) / STEP)


def upper_bound(number: int) -> float:
    """Give the seconds at which a bucket ends."""
    return _LEAST * exp((number + 1) * STEP)
