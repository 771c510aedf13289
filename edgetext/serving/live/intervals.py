"""Intervals of shares and of quantiles, and when to look at them.

Imports scipy, which is in the extra `monitor`: only the process that judges does.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, exp, floor, log

from scipy.stats import beta, binom, binomtest, norm

from edgetext.serving.live.durations import STEP, upper_bound

# The probability that any of a guard's looks is wrong, of all that there will ever be.
ALPHA = 0.05
# Each look comes after so many times the observations of the last one.
GROWTH = 1.25


def wilson(count: int, total: int) -> tuple[float, float]:
    """Give Wilson's interval of 95 % for the share count / total (E. B. Wilson, 1927)."""
    interval = binomtest(count, total).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def at_most(count: int, total: int, alpha: float) -> float:
    """Give what the share is below with probability 1 - alpha (Clopper and Pearson, 1934)."""
    return 1.0 if count == total else float(beta.ppf(1 - alpha, count + 1, total - count))


def at_least(count: int, total: int, alpha: float) -> float:
    """Give what the share is above with probability 1 - alpha (Clopper and Pearson, 1934)."""
    return 0.0 if count == 0 else float(beta.ppf(alpha, count, total - count + 1))


def mcnemar(first_alone: int, other_alone: int) -> float:
    """Give the p-value of McNemar's exact test, of how often one of two alone was right."""
    total = first_alone + other_alone
    return float(binomtest(first_alone, total).pvalue) if total else 1.0


def difference_at_most(first_alone: int, other_alone: int, total: int, alpha: float) -> float:
    """Give what the other's share less the first's is below with probability 1 - alpha.

    first_alone, other_alone: how many of the total pairs one of them alone had right. Wald's
    interval with half a pair more in each cell (Agresti and Min, Statistics in Medicine 24, 2005).
    """
    b, c, n = first_alone + 0.5, other_alone + 0.5, total + 2
    spread = (b + c - (c - b) ** 2 / n) ** 0.5 / n
    return float((c - b) / n + norm.ppf(1 - alpha) * spread)


def quantile(histogram: Mapping[int, int], share: float) -> float | None:
    """Give the upper end of the bucket that holds a quantile; None where nothing is counted."""
    total = sum(histogram.values())
    return _ranked(histogram, max(1, ceil(share * total))) if total else None


def quantile_bounds(
    histogram: Mapping[int, int], share: float, alpha: float
) -> tuple[float | None, float | None]:
    """Give seconds that a quantile is above, and that it is below, each with probability
    1 - alpha, by the ranks of what was measured, whatever its distribution; None where too little
    was measured to say so. (David and Nagaraja, Order Statistics, 7.1.)"""
    total = sum(histogram.values())
    low = int(binom.ppf(alpha, total, share)) if total else 0
    high = int(binom.ppf(1 - alpha, total, share)) + 1 if total else 1
    below = _ranked(histogram, low) / exp(STEP) if low else None
    return below, _ranked(histogram, high) if high <= total else None


def _ranked(histogram: Mapping[int, int], rank: int) -> float:
    """Give the upper end of the bucket of the observation that is the rank-th smallest."""
    seen = 0
    for number in sorted(histogram):
        seen += histogram[number]
        if seen >= rank:
            break
    return upper_bound(number)


def look(first: int, total: int) -> tuple[int, float] | None:
    """Give the number of the last look that is due when so much was observed, from 0, and its
    alpha; None before the first.

    Looks come at first, 1.25 first, 1.5625 first, ... observations. The alphas, ALPHA / ((k + 1)
    (k + 2)), are ALPHA in all, so that a guard which looks for ever is wrong with that probability
    at most.
    """
    if total < first:
        return None
    number = floor(log(total / first) / log(GROWTH) + 1e-9)
    return number, ALPHA / ((number + 1) * (number + 2))
