"""What the parts of an answer take, added up."""

from __future__ import annotations

from collections.abc import Iterable

from edgetext.targets.target import Counts


def summed(counts: Iterable[Counts]) -> Counts:
    """Return the sum of each count; those that all have are there even without any part."""
    total: Counts = {"int8_macs": 0.0, "fp32_macs": 0.0, "bytes": 0.0, "operators": 0.0}
    for one in counts:
        for name, value in one.items():
            total[name] += value
    return total
