"""The times of a runtime's nodes, by operator."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from edgetext.targets.target import Operators


def by_operator(nodes: Sequence[tuple[str, int, float]]) -> Operators:
    """Add up (operator, calls, microseconds) of each node, the longest time first."""
    count: dict[str, int] = defaultdict(int)
    total: dict[str, float] = defaultdict(float)
    for operator, calls, taken in nodes:
        count[operator] += calls
        total[operator] += taken
    order = sorted(total, key=lambda operator: -total[operator])
    return [(operator, count[operator], round(total[operator], 2)) for operator in order]
