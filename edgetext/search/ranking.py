"""Which trials are the best: the order in which they are trained fully."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from edgetext.search.limits import Limits
from edgetext.search.record import MEASURED, SKIPPED, STOPPED, Record, Records
from edgetext.search.space import key_of, shape_of

# How many shapes are trained fully, the best first, until one keeps the limits; and in how many
# precisions each is then tried.
FINALISTS, IN_PRECISIONS = 3, 2


def shape(record: Record) -> str:
    """Name what trials of all precisions share."""
    return key_of(shape_of(record.choice))


def trained(records: Records) -> set[str]:
    """Give the shapes that were trained."""
    return {shape(record) for record in records.of(MEASURED, STOPPED)}


def ranked(records: Records, limits: Limits) -> list[Record]:
    """Order the trials to train fully, the best first: those within size and latency by their drop,
    then those that are nearest to the limits."""
    others = [record for record in records.of(MEASURED, SKIPPED) if record.cost]
    return within(records, limits) or sorted(others, key=lambda record: distance(record, limits))


def within(records: Records, limits: Limits) -> list[Record]:
    """Give the measured trials within size and latency, that which loses least first."""
    plain = replace(limits, drop=None)
    costs = [(r.cost, r) for r in records.of(MEASURED) if r.cost is not None]
    kept = [(cost, r) for cost, r in costs if not plain.excess(cost)]
    return [r for _, r in sorted(kept, key=lambda pair: (pair[0].drop, pair[0].size))]


def distance(record: Record, limits: Limits) -> float:
    """Say how far beyond its worst limit a trial is: 0 within all of them."""
    assert record.cost is not None
    return max(limits.excess(record.cost).values(), default=0.0)


def finalists(records: Sequence[Record]) -> Iterator[Record]:
    """Yield, of the first FINALISTS shapes, the first IN_PRECISIONS of each."""
    taken: Counter[str] = Counter()
    for record in records:
        name = shape(record)
        if taken[name] < IN_PRECISIONS and (name in taken or len(taken) < FINALISTS):
            taken[name] += 1
            yield record
