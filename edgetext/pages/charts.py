"""Charts as inline SVG, drawn for a phone's width and enlarged elsewhere.

Every chart has a title for those who hear it, a tooltip (`<title>`) at each mark, and axes whose
ticks are written as people write them. Colors are Okabe and Ito's (2008), which color-blind
people tell apart; marks also carry a number or a dash of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 360, 260
LEFT, RIGHT, TOP, BOTTOM = 54, 12, 12, 40
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#7b6fd0")
DASHES = ("", "6 3", "2 3", "8 3 2 3")

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A contender in a scatter plot. radius in pixels; note is its tooltip."""

    number: int
    x: float
    y: float
    radius: float
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """A contender's curve; low and high are the ends of each point's interval, where known."""

    number: int
    points: Sequence[Point]
    note: str
    bounds: Sequence[Point] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A contender's times: five percentiles (1, 25, 50, 75, 99) and the largest calls."""

    number: int
    percentiles: Sequence[float]
    largest: Sequence[float]
    note: str


@dataclass(frozen=True, slots=True)
class Axis:
    """low to high in the data's unit; `place` gives pixels."""

    low: float
    high: float
    start: float
    end: float
    log: bool

    def place(self, value: float) -> float:
        a, b, x = (math.log(v) if self.log else v for v in (self.low, self.high, value))
        return self.start + (self.end - self.start) * (x - a) / (b - a)

    def ticks(self) -> list[float]:
        return _log_ticks(self.low, self.high) if self.log else _ticks(self.low, self.high)


def color(number: int) -> str:
    return COLORS[(number - 1) % len(COLORS)]


def dash(number: int) -> str:
    return DASHES[(number - 1) // len(COLORS) % len(DASHES)]


def scatter(
    title: str, x_name: str, y_name: str, marks: Sequence[Mark], front: Sequence[Point]
) -> str:
    """Bubbles over a logarithmic x; `front` is the line of what nothing beats."""
    across, up = _axes([m.x for m in marks], [m.y for m in marks], log_x=True, log_y=False)
    body = []
    if len(front) > 1:
        steps = [(across.place(x), up.place(y)) for x, y in front]
        path = f"M{steps[0][0]:.1f} {steps[0][1]:.1f}" + "".join(
            f"H{x:.1f}V{y:.1f}" for x, y in steps[1:]
        )
        body.append(f'<path class="front" d="{path}"/>')
    for mark in sorted(marks, key=lambda m: -m.radius):
        x, y = across.place(mark.x), up.place(mark.y)
        body.append(
            f'<g class="mark"><title>{escape(mark.note)}</title>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{mark.radius:.1f}" fill="{color(mark.number)}" '
            f'fill-opacity=".3" stroke="{color(mark.number)}"/></g>'
        )
    body += _numbers([(m.number, across.place(m.x), up.place(m.y)) for m in marks])
    return _svg(title, across, up, x_name, y_name, body)


def lines(
    title: str,
    x_name: str,
    y_name: str,
    curves: Sequence[Line],
    x_format: Callable[[float], str] | None = None,
    log: bool = True,
) -> str:
    """Curves over two logarithmic axes, whose x ticks are the points that were measured, or over
    two linear ones."""
    xs = [x for line in curves for x, _ in line.points]
    ys = [y for line in curves for _, y in line.points]
    across, up = _axes(xs, ys, log_x=log, log_y=log)
    body, ends = [], []
    for line in curves:
        ink = color(line.number)
        places = [(across.place(x), up.place(y)) for x, y in line.points]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        body.append(
            f'<path class="curve" d="{path}" stroke="{ink}" stroke-dasharray="{dash(line.number)}">'
            f"<title>{escape(line.note)}</title></path>"
        )
        for (x, _), (low, high) in zip(places, line.bounds, strict=False):
            body.append(
                f'<path class="interval" d="M{x:.1f} {up.place(low):.1f}V{up.place(high):.1f}" '
                f'stroke="{ink}"/>'
            )
        for (x, y), (size, value) in zip(places, line.points, strict=True):
            note = f"{line.note}: {x_name} {size:g}, {y_name} {short(value)}"
            body.append(
                f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{ink}">'
                f"<title>{escape(note)}</title></circle>"
            )
        ends.append((line.number, places[-1][0], places[-1][1]))
    body += _numbers(ends)
    return _svg(title, across, up, x_name, y_name, body, sorted(set(xs)) if log else None)


def boxes(title: str, x_name: str, rows: Sequence[Box]) -> str:
    """Times over a logarithmic axis: whiskers from percentile 1 to 99, the box the middle half,
    dots the largest calls."""
    height = TOP + BOTTOM + 26 * len(rows)
    values = [v for row in rows for v in (*row.percentiles, *row.largest)]
    low, high = _padded(min(values), max(values), log=True)
    across = Axis(low, high, LEFT - 24, WIDTH - RIGHT, True)
    body = []
    for index, row in enumerate(rows):
        y = TOP + 26 * index + 13
        p1, p25, p50, p75, p99 = (across.place(v) for v in row.percentiles)
        ink = color(row.number)
        body.append(
            f'<g class="mark"><title>{escape(row.note)}</title>'
            f'<path d="M{p1:.1f} {y}H{p99:.1f}" stroke="{ink}"/>'
            f'<rect x="{p25:.1f}" y="{y - 7}" width="{max(1, p75 - p25):.1f}" height="14" '
            f'fill="{ink}" fill-opacity=".3" stroke="{ink}"/>'
            f'<path d="M{p50:.1f} {y - 7}v14" stroke="{ink}" stroke-width="3"/>'
            + "".join(
                f'<circle cx="{across.place(v):.1f}" cy="{y}" r="2" fill="none" stroke="{ink}"/>'
                for v in row.largest
            )
            + f'</g><text class="tick" x="22" y="{y + 4}" text-anchor="end">{row.number}</text>'
        )
    bottom = height - BOTTOM
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        + _across(across, bottom, None)
        + "".join(body)
        + _name_below(x_name, height)
        + "</svg>"
    )


def short(value: float) -> str:
    """As a tick is written: 3, 0.25, 1,200, 45k."""
    if value >= 10_000:
        return f"{value / 1000:,.0f}k"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _axes(xs: Sequence[float], ys: Sequence[float], log_x: bool, log_y: bool) -> tuple[Axis, Axis]:
    across = Axis(*_padded(min(xs), max(xs), log_x), LEFT, WIDTH - RIGHT, log_x)
    up = Axis(*_padded(min(ys), max(ys), log_y), HEIGHT - BOTTOM, TOP, log_y)
    return across, up


def _padded(low: float, high: float, log: bool) -> tuple[float, float]:
    """A little wider than the data, so that no mark touches the frame."""
    if log:
        room = max(1.15, (high / low) ** 0.06)
        return low / room, high * room
    room = max(0.1 * (high - low), 0.005 * abs(high), 1e-6)
    return low - room, high + room


def _svg(
    title: str,
    across: Axis,
    up: Axis,
    x_name: str,
    y_name: str,
    body: Sequence[str],
    x_ticks: Sequence[float] | None = None,
) -> str:
    rows = []
    for value in up.ticks():
        y = up.place(value)
        rows.append(
            f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
            f'<text class="tick" x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">'
            f"{short(value)}</text>"
        )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        + "".join(rows)
        + _across(across, HEIGHT - BOTTOM, x_ticks)
        + "".join(body)
        + _name_below(x_name, HEIGHT)
        + f'<text class="name" x="10" y="{(HEIGHT - BOTTOM + TOP) / 2}" text-anchor="middle" '
        f'transform="rotate(-90 10 {(HEIGHT - BOTTOM + TOP) / 2})">{escape(y_name)}</text></svg>'
    )


def _across(axis: Axis, bottom: float, given: Sequence[float] | None) -> str:
    parts = []
    last = -math.inf
    for value in given if given is not None else axis.ticks():
        x = axis.place(value)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{bottom}"/>')
        # A label that would touch the one before it is left out.
        if x - last >= 7 * len(short(value)) + 6:
            parts.append(
                f'<text class="tick" x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">'
                f"{short(value)}</text>"
            )
            last = x
    return "".join(parts)


def _name_below(name: str, height: float) -> str:
    return (
        f'<text class="name" x="{(WIDTH + LEFT) / 2}" y="{height - 6}" text-anchor="middle">'
        f"{escape(name)}</text>"
    )


def _numbers(places: Sequence[tuple[int, float, float]]) -> list[str]:
    """The contenders' numbers beside their marks, moved apart where they would meet."""
    taken: list[Point] = []
    written = []
    for number, x, y in sorted(places, key=lambda place: (place[1], -place[2])):
        side = 7 if x < WIDTH - 36 else -7
        spot = (x + side, y + 4)
        options = [0, -12, 12, -24, 24, -36, 36, -48, 48]
        for shift in options:
            spot = (x + side, min(HEIGHT - BOTTOM - 2, max(TOP + 8, y + 4 + shift)))
            if all(abs(spot[0] - a) > 15 or abs(spot[1] - b) > 11 for a, b in taken):
                break
        taken.append(spot)
        anchor = "start" if side > 0 else "end"
        written.append(
            f'<text class="number" x="{spot[0]:.1f}" y="{spot[1]:.1f}" text-anchor="{anchor}" '
            f'fill="{color(number)}">{number}</text>'
        )
    return written


def _log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 of every ten between low and high; only the ones where there are many."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    steps: tuple[int, ...] = (1, 2, 5) if math.log10(high / low) < 2.2 else (1,)
    ticks = [
        step * 10.0**power
        for power in range(first, last + 1)
        for step in steps
        if low <= step * 10.0**power <= high
    ]
    return ticks if len(ticks) > 1 else _ticks(low, high)


def _ticks(low: float, high: float) -> list[float]:
    """About five round values."""
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * f for f in (1, 2, 5, 10) if power * f >= rough)
    first = math.ceil(low / step)
    return [round(step * k, 10) for k in range(first, math.floor(high / step) + 1)]
