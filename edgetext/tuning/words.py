"""Measurements as lines and tables of a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from edgetext.core.tables import aligned
from edgetext.tuning.curve import Curve
from edgetext.tuning.measurement import Measurement
from edgetext.tuning.plan import Need
from edgetext.tuning.setting import Setting

# The share of a core below which a busy server was kept from it.
BUSY = 0.9


def of_trial(setting: Setting, one: Measurement, p99: float, errors: float) -> str:
    """Say in a line what a setting did, and whether that meets the target."""
    said = "meets the target" if one.meets(p99, errors) else why_not(one, p99, errors)
    return (
        f"{setting}: p50 {ms(one.p50)}, p99 {ms(one.p99)} ms at {one.rate:,.0f} requests/s, "
        f"{1e6 * one.processor:,.0f} µs of processor time a request; {said}"
    )


def why_not(one: Measurement, p99: float, errors: float) -> str:
    """Say why a measurement does not meet the target."""
    if not one.in_time:
        return (
            f"not valid: the load generator fell behind, by {ms(one.lateness)} ms at p99; let "
            "nothing else run on this machine, or offer less"
        )
    if one.errors > errors:
        counts = ", ".join(f"{count:,} x {what}" for what, count in one.statuses.items())
        return f"{100 * one.errors:.2f} % are not answered ({counts})"
    return f"{ms(one.p99)} ms is over {ms(p99)} ms"


def curve_table(curve: Curve, processes: int) -> str:
    """Write the curve, with the model's figures and their errors, as an aligned table."""
    headings = [
        "offered/s", "answered/s", "errors", "p50, ms", "p99, ms", "wait, ms", "model: wait",
        "error", "model: p99", "error",
    ]  # fmt: skip
    if processes > 1:
        headings += ["one queue: wait", "error", "p99", "error"]
    return aligned(headings, curve_rows(curve, processes))


def curve_rows(curve: Curve, processes: int) -> list[list[str]]:
    """Give the cells of the curve; times in milliseconds."""
    rows = []
    for point in curve.points:
        one = point.measured
        row = [
            f"{one.rate:,.0f}" + ("" if one.in_time else " (late)"),
            f"{one.throughput:,.0f}",
            f"{100 * one.errors:.1f} %",
            ms(one.p50),
            ms(one.p99),
            ms(point.wait),
        ]
        for forecast in (point.apart, point.shared)[: 1 if processes == 1 else 2]:
            row += [
                ms(forecast.mean_wait),
                _error(forecast.mean_wait, point.wait),
                ms(forecast.p99),
                _error(forecast.p99, one.p99),
            ]
        rows.append(row)
    return rows


def service_line(curve: Curve) -> str:
    """Say what the model was made of."""
    service = curve.service
    return (
        f"answers at most {curve.capacity:,.0f} requests/s; a process takes "
        f"{ms(service.mean)} ms for one (squared coefficient of variation {service.scv:.2f}), and "
        f"{ms(service.overhead)} ms pass besides; the arrivals' is {curve.gap_scv:.2f}"
    )


def busy_line(curve: Curve) -> str:
    """Say that other programs took from the server where they did; "" where not."""
    if curve.busy >= BUSY:
        return ""
    return (
        f"a process had {100 * curve.busy:.0f} % of a core where it had work all the time: other "
        "programs take from this machine, and what it can bear changes with them"
    )


def plan_table(needs: Sequence[Need], cores: int) -> str:
    """Write what rates need as an aligned table."""
    headings = [
        "requests/s",
        "processes by the model",
        "by the curve",
        f"machines of {cores} cores",
    ]
    rows = [
        [f"{one.rate:,.0f}", _count(one.by_model), _count(one.by_curve), _count(one.machines)]
        for one in needs
    ]
    return aligned(headings, rows)


def ms(seconds: float) -> str:
    """Write seconds as milliseconds with three digits."""
    if not math.isfinite(seconds):
        return "∞"
    value = 1000 * seconds
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _error(predicted: float, measured: float) -> str:
    if not math.isfinite(predicted) or not math.isfinite(measured) or not measured:
        return ""
    return f"{100 * (predicted / measured - 1):+.0f} %"


def _count(number: int | None) -> str:
    return "never" if number is None else f"{number:,}"
