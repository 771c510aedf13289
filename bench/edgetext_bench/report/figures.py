"""What the report shows, from the rows: numbered contenders and the data of each chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from edgetext.pages.charts import Box, Line, Mark, Point, short
from edgetext.pages.pareto import front
from edgetext.tasks.metrics import in_points
from edgetext.timing import statistics
from edgetext_bench.rows import AS_IS, Row
from edgetext_bench.summary import Subject, named, subjects

# The strictest first; of a task that has none of them, its own first metric.
STRICTEST = ("frame_accuracy", "exact_match", "span_f1", "in_scope_accuracy", "accuracy")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A contender and the number that stands for it in the charts, from 1."""

    number: int
    subject: Subject


def numbered(rows: Sequence[Row]) -> list[Numbered]:
    """Those with at least one measured cell."""
    able = [subject for subject in subjects(rows) if subject.measured]
    return [Numbered(i, subject) for i, subject in enumerate(able, start=1)]


def quality_name(all_of_them: Sequence[Numbered]) -> str:
    """The strictest metric that every measured contender has."""
    each = [list(n.subject.one("quality").get("metrics", {})) for n in all_of_them]
    held = [names for names in each if names]
    return _strictest([x for x in held[0] if all(x in names for names in held)] if held else [])


def quality_names(all_of_them: Sequence[Numbered]) -> list[str]:
    """The strictest metric that anyone has, and where a peer lacks it, the strictest of all."""
    held = [x for n in all_of_them for x in n.subject.one("quality").get("metrics", {})]
    return list(dict.fromkeys([_strictest(held), quality_name(all_of_them)]))


def _strictest(names: Sequence[str]) -> str:
    return next((name for name in STRICTEST if name in names), names[0] if names else "accuracy")


def marks(all_of_them: Sequence[Numbered], quality: str, x: str) -> tuple[list[Mark], list[Point]]:
    """Quality against x ("latency" in µs, or "size" in kB), and the front that nothing beats."""
    drawn = []
    timed = {n.subject.file.get("sha256") for n in all_of_them if n.subject.one("latency")}
    for one in all_of_them:
        subject = one.subject
        value = subject.one("quality").get("metrics", {}).get(quality)
        latency = subject.one("latency").get("p50_us")
        if latency is None and subject.file.get("sha256") in timed:
            # On an emulated processor a file would stand where it stands already.
            continue
        size = subject.file.get("bytes")
        place = latency if x == "latency" else (size / 1e3 if size else None)
        if value is None or place is None:
            continue
        # The area is the other quantity: a larger circle is a larger file, or a slower one.
        other = (size or 1e5) / 1e6 if x == "latency" else (latency or 100) / 1e3
        note = (
            f"{one.number} {subject.title}: {named(quality)} {in_points(quality, value):.2f}"
            + (f", p50 {latency:,.0f} µs" if latency else "")
            + (f", {size / 1e3:,.0f} kB" if size else "")
        )
        radius = min(22.0, 4 + 8 * math.sqrt(other))
        drawn.append(Mark(one.number, place, in_points(quality, value), radius, note))
    return drawn, front([(mark.x, mark.y) for mark in drawn])


def curves(all_of_them: Sequence[Numbered], axis: str) -> list[Line]:
    """p50 against "length" (bytes) or "threads"; texts a second against "batch"."""
    lines = []
    for one in all_of_them:
        points: dict[float, tuple[float, Point]] = {}
        for threads, batch, length, figures in one.subject.latencies():
            size = _on_axis(axis, threads, batch, length)
            if size is None:
                continue
            if axis == "batch":
                value, bounds = figures.get("texts_per_second"), None
            else:
                value, bounds = figures["p50_us"], figures.get("p50_interval")
            if value:
                points[size] = (value, tuple(bounds) if bounds else (value, value))
        if len(points) < 2:
            continue
        sizes = sorted(points)
        values = [points[size][0] for size in sizes]
        power = statistics.exponent(sizes, values)
        note = f"{one.number} {one.subject.title}"
        if power is not None:
            note += f": ∝ {axis}^{power:.2f}"
        lines.append(
            Line(
                one.number,
                list(zip(sizes, values, strict=True)),
                note,
                [points[size][1] for size in sizes],
            )
        )
    return lines


def _on_axis(axis: str, threads: int, batch: int, length: int | str) -> float | None:
    """Where a cell lies on the axis; None when it is not on it."""
    if axis == "length":
        return float(length) if (threads, batch) == (1, 1) and length != AS_IS else None
    if length != AS_IS:
        return None
    if axis == "batch":
        return float(batch) if threads == 1 else None
    return float(threads) if batch == 1 else None


def boxes(all_of_them: Sequence[Numbered]) -> list[Box]:
    """The single-text latency of each contender."""
    drawn = []
    for one in all_of_them:
        figures = one.subject.one("latency")
        curve = dict(figures.get("curve_us", []))
        if not curve:
            continue
        outliers = figures["outliers"]
        note = (
            f"{one.number} {one.subject.title}: p50 {short(curve[50])} µs, p99 {short(curve[99])} "
            f"µs, {outliers['count']} of {figures['calls']:,} calls above "
            f"{short(outliers['above_us'])} µs"
        )
        shares = [curve[share] for share in (1, 25, 50, 75, 99)]
        drawn.append(Box(one.number, shares, outliers["largest_us"], note))
    return drawn


def ratio_to_first(all_of_them: Sequence[Numbered], one: Numbered) -> str:
    """How often as long the contender takes as the first of the same machine, with its interval."""
    first = next(
        (n for n in all_of_them if n.subject.machine.get("id") == one.subject.machine.get("id")),
        one,
    )
    old, new = (n.subject.one("latency").get("round_p50_us") for n in (first, one))
    if not old or not new or first is one:
        return "1" if old and first is one else ""
    middle, (low, high) = statistics.compared(old, new)
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def noises(all_of_them: Sequence[Numbered], quality: str) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows: the quality under each disturbance, in percent."""
    kinds: list[str] = []
    for one in all_of_them:
        for kind in one.subject.one("noise").get("metrics", {}):
            if kind not in kinds:
                kinds.append(kind)
    rows = []
    for one in all_of_them:
        metrics = one.subject.one("noise").get("metrics", {})
        if metrics:
            values = [metrics.get(kind, {}).get(quality) for kind in kinds]
            percents = [None if v is None else round(in_points(quality, v), 2) for v in values]
            rows.append([one.number, one.subject.title, *percents])
    return ["", "contender", *("as written" if k == "none" else k for k in kinds)], rows


def operators(all_of_them: Sequence[Numbered], most: int = 12) -> list[tuple[Numbered, list[Any]]]:
    """By contender: [operator, calls, µs], the dearest first, the rest as one line."""
    by_entry = []
    for one in all_of_them:
        listed = one.subject.one("operators").get("operators")
        if listed:
            rest = listed[most:]
            more = [["others", sum(r[1] for r in rest), round(sum(r[2] for r in rest), 2)]]
            by_entry.append((one, listed[:most] + (more if rest else [])))
    return by_entry


def remarks(rows: Sequence[Row]) -> list[str]:
    """What was skipped and what failed, each once."""
    from edgetext_bench.rows import cell_of

    found = [
        f"{row['status']}: {cell_of(row)}: {row['note']}" for row in rows if row["status"] != "ok"
    ]
    return list(dict.fromkeys(found))


def disagreements(all_of_them: Sequence[Numbered]) -> list[str]:
    """Where two contenders answer the same text in another way."""
    sentences = []
    for one in all_of_them:
        figures = one.subject.one("quality")
        other = figures.get("compared_with")
        if other is None:
            continue
        lines = figures["disagrees_at"]
        text = f"{one.subject.title} and {other}: {len(lines)} of {figures['texts']:,} texts"
        sentences.append(text + (f" ({', '.join(lines[:10])}{' …' if len(lines) > 10 else ''})"
                             if lines else ""))  # fmt: skip
    return sentences
