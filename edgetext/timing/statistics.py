"""What a list of times says: percentiles with bootstrap intervals, and what lies outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

PERCENTILES = (50, 90, 99)
RESAMPLES = 500
COVERED = (2.5, 97.5)  # a 95 % interval
# Tukey's "far out": so many quartile ranges beyond the quartiles.
FENCE = 3.0
SHOWN_OUTLIERS = 5
# 97.5 % points of Student's t for 1, 2, 3 … degrees of freedom.
STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
CURVE = (0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9, 100)

Interval = tuple[float, float]


def summarize(rounds: Sequence[np.ndarray], seed: int) -> dict[str, Any]:
    """Times float64[calls] of each round, in microseconds, as JSON values.

    p50_us, p90_us, p99_us, each with its 95 % interval in `*_interval`; nothing is left out of
    them: `outliers` counts the calls above the fence and shows the largest. The calls of a round
    share what the machine did then, so it is rounds that are drawn again.
    """
    calls = np.concatenate(rounds)
    low, high = np.percentile(calls, [25, 75])
    fence = high + FENCE * (high - low)
    far = np.sort(calls[calls > fence])[::-1]
    summary: dict[str, Any] = {"calls": len(calls), "rounds": len(rounds)}
    draws = _resampled(rounds, seed)
    for share in PERCENTILES:
        summary[f"p{share}_us"] = _round(np.percentile(calls, share))
        ends = np.percentile(np.percentile(draws, share, axis=1), COVERED)
        summary[f"p{share}_interval"] = [_round(end) for end in ends]
    summary["mean_us"] = _round(calls.mean())
    summary["outliers"] = {
        "count": len(far),
        "above_us": _round(fence),
        "largest_us": [_round(value) for value in far[:SHOWN_OUTLIERS]],
    }
    summary["curve_us"] = [[share, _round(np.percentile(calls, share))] for share in CURVE]
    summary["round_p50_us"] = [_round(np.median(times)) for times in rounds]
    return summary


def ratio(old: Sequence[float], new: Sequence[float], seed: int = 0) -> tuple[float, Interval]:
    """new ÷ old of the medians of two cells' rounds, with its 95 % interval."""
    generator = np.random.default_rng(seed)
    a, b = np.asarray(old, float), np.asarray(new, float)
    drawn = _medians(b, generator) / _medians(a, generator)
    low, high = np.percentile(drawn, COVERED)
    return float(np.median(b) / np.median(a)), (float(low), float(high))


def paired_ratio(
    old: Sequence[float], new: Sequence[float], seed: int = 0
) -> tuple[float, Interval]:
    """The median of new ÷ old where both were measured in the same rounds, with its interval."""
    length = min(len(old), len(new))
    each = np.asarray(new[:length], float) / np.asarray(old[:length], float)
    low, high = np.percentile(_medians(each, np.random.default_rng(seed)), COVERED)
    return float(np.median(each)), (float(low), float(high))


def compared(old: Sequence[float], new: Sequence[float]) -> tuple[float, Interval]:
    """new ÷ old of two cells' rounds with its interval: `paired_ratio`, where each has as many as
    the other, else `ratio`."""
    return (paired_ratio if len(old) == len(new) else ratio)(old, new)


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float | None:
    """b of time ≈ a·size^b by least squares on logarithms; None from fewer than three points."""
    if len(set(sizes)) < 3:
        return None
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def exponent_interval(
    sizes: Sequence[float], times: Sequence[float]
) -> tuple[float, float, float] | None:
    """`exponent` and the ends of its 95 % interval: least squares' standard error of the slope by
    Student's t. How far the points lie from one power law widens it. None as for `exponent`."""
    middle = exponent(sizes, times)
    if middle is None:
        return None
    x, y = np.log(np.asarray(sizes, float)), np.log(np.asarray(times, float))
    residual = y - y.mean() - middle * (x - x.mean())
    freedom = len(x) - 2
    spread = float(np.sqrt((residual**2).sum() / freedom / ((x - x.mean()) ** 2).sum()))
    reach = STUDENT[min(freedom, len(STUDENT)) - 1] * spread
    return middle, middle - reach, middle + reach


def _medians(values: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """float64[4 * RESAMPLES]: medians of draws with replacement."""
    chosen = generator.integers(0, len(values), (4 * RESAMPLES, len(values)))
    return np.asarray(np.median(values[chosen], axis=1))


def _resampled(rounds: Sequence[np.ndarray], seed: int) -> np.ndarray:
    """float64[RESAMPLES, calls]: rounds drawn with replacement; all have the same length."""
    matrix = np.stack(rounds)
    chosen = np.random.default_rng(seed).integers(0, len(matrix), (RESAMPLES, len(matrix)))
    return matrix[chosen].reshape(RESAMPLES, -1)


def _round(value: float) -> float:
    """To a thousandth of a microsecond."""
    return round(float(value), 3)
