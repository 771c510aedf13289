"""Hash and displace: a slot of its own for each key of a perfect hash.

Belazzouga, Botelho & Dietzfelbinger 2009, "CHD": the keys of a bucket are moved together, by the
least shift that leads all of them to free slots, the largest buckets first.
"""

from __future__ import annotations

import numpy as np


def place(
    bucket: np.ndarray, home: np.ndarray, buckets: int, slots: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """Give the shift of each bucket, int64[buckets], and the slot of each key, int64[keys]; None
    where these keys have no solution.

    bucket, home int64[keys]: a key's bucket, and the slot that it has with a shift of 0.
    """
    shift = np.zeros(buckets, np.int64)
    slot_of = np.zeros(len(home), np.int64)
    # Twice round, so that a slice from any home is one lap of shifts.
    taken = np.zeros(2 * slots, bool)
    order = np.argsort(bucket, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(bucket[order])) + 1)
    for group in sorted(groups, key=len, reverse=True):
        if len(set(home[group].tolist())) < len(group):
            return None
        free = _first_free(taken, home[group], slots)
        if free is None:
            return None
        shift[bucket[group[0]]] = free
        slot_of[group] = (home[group] + free) % slots
        taken[slot_of[group]] = taken[slot_of[group] + slots] = True
    return shift, slot_of


def _first_free(taken: np.ndarray, home: np.ndarray, slots: int) -> int | None:
    """The least shift, below `slots`, of which no place is taken: mostly one of the first."""
    start, width = 0, 64
    while start < slots:
        stop = min(start + width, slots)
        hit = np.logical_or.reduce([taken[place + start : place + stop] for place in home.tolist()])
        if not hit.all():
            return start + int(hit.argmin())
        start, width = stop, 4 * width
    return None


def prime(least: int) -> int:
    """Give the first prime from `least` on."""
    while any(least % divisor == 0 for divisor in range(2, int(least**0.5) + 1)):
        least += 1
    return least
