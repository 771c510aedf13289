"""Latency against width and vocabulary, from the rows of `bench scale`, with their exponents."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from edgetext.model.variants import INT8, is_quantized
from edgetext.timing import statistics
from edgetext_bench.rows import AS_IS, Row, cell_of

AXES = {"width": "vocabulary", "vocabulary": "width"}


@dataclass(frozen=True, slots=True)
class Curve:
    """p50 in µs against an axis. what: "whole" or "network alone".

    points: (size, p50, (low, high)), sizes rising. exponent: b of time ∝ size^b with the ends of
    its 95 % interval, None from fewer than three points.
    """

    axis: str
    what: str
    runtime: str
    variant: str
    points: tuple[tuple[float, float, tuple[float, float]], ...]
    exponent: tuple[float, float, float] | None

    @property
    def title(self) -> str:
        return f"{self.variant}, {self.runtime}, {self.what}"

    @property
    def last(self) -> float:
        """The exponent between the two largest sizes, where what each answer takes whatever the
        size weighs least."""
        (a, before, _), (b, after, _) = self.points[-2:]
        return math.log(after / before) / math.log(b / a)

    def in_words(self) -> str:
        """The title and the exponents."""
        if self.exponent is None:
            return self.title
        power, low, high = self.exponent
        (a, _, _), (b, _, _) = self.points[-2:]
        return (
            f"{self.title}: ∝ {self.axis}^{power:.2f} ({low:.2f}–{high:.2f}), "
            f"^{self.last:.2f} from {a:g} to {b:g}"
        )


def curves(rows: Sequence[Row]) -> list[Curve]:
    """By axis, runtime, variant and part; the other axis is held at its commonest value."""
    sized = [row for row in rows if row["status"] == "ok" and row["file"].get("network")]
    fitted = []
    for axis, other in AXES.items():
        values = Counter(row["file"]["network"][other] for row in sized)
        if not values:
            continue
        ((held, _),) = values.most_common(1)
        groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in sized:
            cell = cell_of(row)
            part = {"latency": "whole", "network": "network alone"}.get(cell.kind)
            plain = (cell.threads, cell.batch, cell.length) == (1, 1, AS_IS)
            if part and plain and row["file"]["network"][other] == held:
                variant = INT8 if is_quantized(row["file"]) else "float32"
                groups[part, cell.runtime, variant].append(row)
        for (part, runtime, variant), members in groups.items():
            points = _points(members, axis)
            if len(points) > 1:
                power = statistics.exponent_interval(
                    [size for size, _, _ in points], [time for _, time, _ in points]
                )
                fitted.append(Curve(axis, part, runtime, variant, points, power))
    return fitted


def gains(rows: Sequence[Row]) -> list[tuple[str, list[tuple[float, float]]]]:
    """float32 ÷ int8 of the network alone by width, a runtime each: (runtime, [(width, ratio)])."""
    alone = [c for c in curves(rows) if c.axis == "width" and c.what == "network alone"]
    by_runtime = []
    for small in alone:
        for full in alone:
            if (small.variant, full.variant) == (INT8, "float32") and (
                small.runtime == full.runtime
            ):
                times = {size: time for size, time, _ in full.points}
                ratios = [(w, times[w] / t) for w, t, _ in small.points if w in times]
                by_runtime.append((small.runtime, ratios))
    return by_runtime


def _points(rows: Sequence[Row], axis: str) -> tuple[tuple[float, float, tuple[float, float]], ...]:
    by_size = {}
    for row in rows:
        low, high = row["measured"]["p50_interval"]
        size = float(row["file"]["network"][axis])
        by_size[size] = (size, float(row["measured"]["p50_us"]), (float(low), float(high)))
    return tuple(by_size[size] for size in sorted(by_size))
