"""What was measured, as a page that needs no network."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from edgetext.pages import charts
from edgetext.pages.table import sorting, style, table
from edgetext.tuning.curve import Curve, Point
from edgetext.tuning.words import curve_rows, ms, service_line, why_not

if TYPE_CHECKING:
    from edgetext.tuning.study import Report

TITLE = "How a model is served"
X_NAME = "requests/s offered"
# The curves of the chart of latencies, by their number there.
LATENCIES: tuple[tuple[str, Callable[[Point], float]], ...] = (
    ("p50, measured", lambda point: point.measured.p50),
    ("p99, measured", lambda point: point.measured.p99),
    ("p99, by the model", lambda point: point.apart.p99),
)


def page(report: Report) -> str:
    """Write one self-contained HTML document: all trials, the curve as charts and as a table, and
    the plan."""
    task, chosen = report.task, report.outcome.chosen
    rows = [
        [
            escape(str(setting)), str(setting.cores), ms(one.p50), ms(one.p99),
            f"{100 * one.errors:.2f}", f"{1e6 * one.processor:,.0f}", f"{one.peak:,}",
            "meets the target" if one.meets(task.p99, task.errors)
            else escape(why_not(one, task.p99, task.errors)),
        ]
        for setting, one in report.outcome.trials
    ]  # fmt: skip
    headings = [
        "setting", "cores", "p50, ms", "p99, ms", "errors, %", "processor, µs", "memory, bytes", "",
    ]  # fmt: skip
    best = (
        "no setting meets the target"
        if chosen is None
        else f"<code>{escape(chosen[0].command)}</code>"
    )
    parts = [
        f"<h1>{TITLE}</h1><p>{best}</p>",
        f'<p class="soft">{escape(str(task.load.arrivals))}, {task.load.seconds:g} s; p99 of '
        f"{ms(task.p99)} ms at most, from when a request was due. {escape(report.machine['cpu'])}, "
        f"{report.machine['cores']} cores.</p>",
        table(headings, rows),
    ]
    if report.curve is not None and chosen is not None:
        parts += _of_curve(report.curve, chosen[0].processes)
    if report.needs:
        cells = [
            [f"{one.rate:,.0f}", *map(_count, (one.by_model, one.by_curve, one.machines))]
            for one in report.needs
        ]
        names = ["requests/s", "processes by the model", "by the curve", "machines like this one"]
        parts.append("<h2>Plan</h2>" + table(names, cells))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>{TITLE}</title><style>{style()}</style></head>'
        f"<body>\n{''.join(parts)}\n<script>{sorting()}</script></body></html>\n"
    )


def _of_curve(curve: Curve, processes: int) -> list[str]:
    latencies, throughput = [], []
    for number, (name, value) in enumerate(LATENCIES, start=1):
        pairs = [(point.measured.rate, 1000 * value(point)) for point in curve.points]
        points = [(x, y) for x, y in pairs if math.isfinite(y) and y > 0]
        if points:
            latencies.append(charts.Line(number, points, name))
    answered = [
        (point.measured.rate, point.measured.throughput)
        for point in curve.points
        if point.measured.throughput > 0
    ]
    if answered:
        throughput.append(charts.Line(1, answered, "answered"))
    drawn = [
        (title, charts.lines(title, X_NAME, y_name, lines))
        for title, y_name, lines in (
            ("Latency by load", "ms", latencies),
            ("Throughput by load", "requests/s answered", throughput),
        )
        if lines
    ]
    names = "; ".join(f"{i} {name}" for i, (name, _) in enumerate(LATENCIES, start=1))
    figures = "".join(
        f"<figure><figcaption>{title}</figcaption>{chart}</figure>" for title, chart in drawn
    )
    headings = [
        "offered/s", "answered/s", "errors", "p50, ms", "p99, ms", "wait, ms",
        "model: wait", "its error", "model: p99", "its error",
    ]  # fmt: skip
    if processes > 1:
        headings += ["one queue: wait", "its error", "one queue: p99", "its error"]
    return [
        f'<h2>Saturation</h2><p class="soft">{escape(service_line(curve))}. {names}.</p>',
        f'<div class="plots">{figures}</div>',
        table(headings, [list(map(escape, row)) for row in curve_rows(curve, processes)]),
    ]


def _count(number: int | None) -> str:
    return "never" if number is None else f"{number:,}"
