"""What nothing beats among the trials, as an SVG picture and as a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources

from edgetext.pages import charts
from edgetext.pages.document import document
from edgetext.pages.pareto import front
from edgetext.pages.table import style, table
from edgetext.search.limits import Cost, Limits
from edgetext.search.record import MEASURED, SKIPPED, Record
from edgetext.tasks.metrics import in_points

# A mark's radius in pixels, from the cheapest to the dearest in the plot's third figure.
RADII = (4.0, 12.0)
LINE = 12
AXES: tuple[tuple[str, str, Callable[[Cost], float], Callable[[Cost], float]], ...] = (
    ("size", "file size, kB", lambda c: c.size / 1000, lambda c: c.latency),
    ("latency", "p50 latency, µs", lambda c: 1000 * c.latency, lambda c: c.size),
)
Y_NAME = "points against the teacher"


@dataclass(frozen=True, slots=True)
class Shown:
    """A measured model with its number in plots and table; whether it was trained fully."""

    number: int
    record: Record
    cost: Cost
    final: bool

    @property
    def note(self) -> str:
        kind = "final" if self.final else f"trial, {self.record.epochs} epochs"
        return (
            f"{self.number} {self.record.words} ({kind}): {self.cost.size:,} bytes, "
            f"{self.cost.latency:.3f} ms, {-self.cost.drop:+.2f} points"
        )


def shown(trials: Sequence[Record], finals: Sequence[Record]) -> list[Shown]:
    """Those that were measured, numbered in their order, the final ones last."""
    found = [(r, r.cost, False) for r in trials if r.status == MEASURED and r.cost is not None]
    found += [(r, r.cost, True) for r in finals if r.cost is not None]
    return [Shown(i, *one) for i, one in enumerate(found, start=1)]


def plots(models: Sequence[Shown]) -> dict[str, str]:
    """A scatter plot by axis, each as an SVG element."""
    drawings = {}
    for name, x_name, across, round_ in AXES:
        points = [(across(one.cost), -one.cost.drop) for one in models]
        sizes = [round_(one.cost) for one in models]
        low, high = min(sizes), max(sizes)
        share = [(x - low) / (high - low) if high > low else 0.0 for x in sizes]
        marks = [
            charts.Mark(one.number, x, y, RADII[0] + s * (RADII[1] - RADII[0]), one.note)
            for one, (x, y), s in zip(models, points, share, strict=True)
        ]
        title = f"Quality by {name}"
        drawings[name] = charts.scatter(title, x_name, Y_NAME, marks, front(points))
    return drawings


def picture(models: Sequence[Shown]) -> str:
    """An SVG document: the plots one above the other, and what the numbers stand for."""
    parts = []
    for i, chart in enumerate(plots(models).values()):
        place = f'y="{i * charts.HEIGHT}" width="{charts.WIDTH}" height="{charts.HEIGHT}"'
        parts.append(chart.replace("<svg ", f"<svg {place} ", 1))
    height = charts.HEIGHT * len(parts)
    for one in models:
        height += LINE
        parts.append(
            f'<text x="8" y="{height}" font-size="6.5" fill="{charts.color(one.number)}">'
            f"{escape(one.note)}</text>"
        )
    height += LINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {charts.WIDTH} {height}" '
        f'width="{2 * charts.WIDTH}" height="{2 * height}" font-family="sans-serif">'
        f"<style>{style()}</style>{''.join(parts)}</svg>\n"
    )


def page(
    name: str,
    teacher: Mapping[str, float],
    limits: Limits,
    trials: Sequence[Record],
    finals: Sequence[Record],
) -> str:
    """One self-contained HTML document: the plots, whose marks and the table's rows point at each
    other, and every trial."""
    models = shown(trials, finals)
    bounds = [
        text
        for text, value in (
            (f"size ≤ {limits.size or 0:,} bytes", limits.size),
            (f"latency ≤ {limits.latency or 0:g} ms", limits.latency),
            (f"loss ≤ {limits.drop or 0:g} points", limits.drop),
        )
        if value is not None
    ]
    known = ", ".join(f"{key} {in_points(key, value):.2f}" for key, value in teacher.items())
    drawn = plots(models) if models else {}
    figures = "".join(
        f"<figure><figcaption>Quality by {axis}<span>dashed: nothing beats it; circle: "
        f"{'latency' if axis == 'size' else 'size'}</span></figcaption>{chart}</figure>"
        for axis, chart in drawn.items()
    )
    script = resources.files("edgetext.search").joinpath("front.js").read_text("utf-8")
    title = f"Compression of {name}"
    body = (
        f"<h1>{escape(title)}</h1>"
        f'<p class="soft">Wanted: {escape("; ".join(bounds) or "no limit")}. Teacher on the '
        f"validation split: {escape(known)}. Sizes, latencies and answers are those of exported "
        "files, on one core. Tap a mark or a row to see it in all plots.</p>"
        f'<div class="plots">{figures}</div><h2>All trials</h2>{_table(models, trials, limits)}'
    )
    more_style = (
        ".mark { cursor: pointer } .picked circle { stroke-width: 4 } tr.picked td "
        "{ background: var(--raised) }"
    )
    return document(title, body, more_style, script)


def _table(models: Sequence[Shown], trials: Sequence[Record], limits: Limits) -> str:
    headings = ["model", "bytes", "p50, ms", "points lost", "epochs", "s", "outcome"]
    numbers = {id(one.record): one for one in models}
    rows = []
    finals = [one.record for one in models if one.final]
    for record in [*trials, *finals]:
        one = numbers.get(id(record))
        tag = f'<b style="background:{charts.color(one.number)}">{one.number}</b>' if one else ""
        cost = record.cost
        lost = f"{cost.drop:.2f}" if one and cost else ""
        said = record.status
        if record.status == SKIPPED and cost:
            said += f": over in {', '.join(limits.excess(cost)) or 'nothing'}"
        elif record.note:
            said += f": {record.note}"
        if one and cost:
            over = ", ".join(limits.excess(cost))
            said = ("final, " if one.final else "") + (f"over in {over}" if over else "within")
        rows.append([
            tag + escape(record.words), f"{cost.size:,}" if cost else "",
            f"{cost.latency:.3f}" if cost and cost.latency else "", lost, str(record.epochs),
            f"{record.seconds:.0f}", escape(said),
        ])  # fmt: skip
    return table(headings, rows)
