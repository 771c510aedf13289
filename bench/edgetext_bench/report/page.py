"""The HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from edgetext.pages import charts
from edgetext.pages.table import sorting, style, table
from edgetext_bench import summary
from edgetext_bench.report import estimates, figures, network, scale
from edgetext_bench.report.figures import Numbered
from edgetext_bench.rows import Row


def page(rows: Sequence[Row]) -> str:
    """One self-contained HTML document; EdgetextError is the caller's for no rows."""
    everything, rows = rows, [row for row in rows if not row.get("estimate")]
    able = figures.numbered(rows)
    quality = figures.quality_name(able)
    data = rows[-1]["data"]
    title = f"Benchmark of {data['name']}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{data["texts"]:,} texts of the {escape(data["split"])} split · '
        f"{escape(rows[-1]['run'])} · text in, answer out, measured in a process of its own; the "
        "contenders took turns. Intervals are 95 % bootstrap intervals over rounds.</p>",
        _overview(able),
        *(_pareto(able, name) for name in figures.quality_names(able)),
        _times(able),
        _scale(able),
        _sizes(rows),
        _network(able),
        _estimates(everything),
        _noise(able, quality),
        _operators(able),
        _agreement(able),
        _remarks(rows),
        _provenance(rows, able),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # No request for an icon: the page is complete in itself.
        '<link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{style()}</style></head><body>\n"
        + "\n".join(part for part in parts if part)
        + f"\n<script>{sorting()}</script></body></html>\n"
    )


def _overview(able: Sequence[Numbered]) -> str:
    names = summary.metrics([one.subject for one in able])
    headings = [*summary.headings(names), "time ÷ first"]
    rows = []
    for one in able:
        first, *rest = [*summary.line(one.subject, names), figures.ratio_to_first(able, one)]
        rows.append([_tag(one.number) + escape(first), *map(escape, rest)])
    return (
        "<h2>All in one table</h2>"
        + table(headings, rows)
        + '<p class="soft">Quality in percent; “with typos” is the first of it on disturbed '
        "texts. Latency is that of one text on one thread; texts/s is the best of all batches and "
        "threads. Load and first answer: in a fresh process, libraries imported. Model MB: what "
        "loading and answering add to the process.</p>"
    )


def _pareto(able: Sequence[Numbered], quality: str) -> str:
    name = summary.named(quality)
    plots = []
    for x, x_name, circle in (
        ("latency", "p50 latency, µs", "circle: file size"),
        ("size", "file size, kB", "circle: latency"),
    ):
        found, front = figures.marks(able, quality, x)
        if found:
            caption = f"{name} by {'latency' if x == 'latency' else 'size'}"
            chart = charts.scatter(caption, x_name, f"{name}, %", found, front)
            notes = [(mark.number, mark.note.partition(" ")[2]) for mark in found]
            plots.append(_figure(caption, f"{circle}; dashed: nothing beats it", chart, notes))
    return _plots(f"{name[0].upper()}{name[1:]}, size, latency", plots)


def _times(able: Sequence[Numbered]) -> str:
    rows = figures.boxes(able)
    if not rows:
        return ""
    chart = charts.boxes("latency of each call", "µs", rows)
    notes = [(row.number, row.note.partition(" ")[2]) for row in rows]
    caption = "box: the middle half; line: p1 to p99; rings: the largest calls"
    return _plots("Every call", [_figure("Latency of one text", caption, chart, notes)])


def _scale(able: Sequence[Numbered]) -> str:
    plots = []
    for axis, x_name, y_name, caption in (
        ("length", "bytes of text", "p50 latency, µs", "Latency by length"),
        ("batch", "texts at once", "texts a second", "Throughput by batch, one thread"),
        ("threads", "threads", "p50 latency, µs", "Latency of one text by threads"),
    ):
        found = figures.curves(able, axis)
        if found:
            chart = charts.lines(caption, x_name, y_name, found)
            notes = [(line.number, line.note.partition(" ")[2]) for line in found]
            plots.append(_figure(caption, "both axes logarithmic", chart, notes))
    ways = {
        f"{one.subject.title}: {figure['batching']}"
        for one in able
        for _, batch, _, figure in one.subject.latencies()
        if batch > 1 and "batching" in figure
    }
    note = "".join(f"<li>{escape(way)}</li>" for way in sorted(ways))
    end = f'<details class="soft"><summary>What a batch is</summary><ul>{note}</ul></details>'
    return _plots("Scale", plots) + (end if ways else "")


def _sizes(rows: Sequence[Row]) -> str:
    """The curves of `bench scale`."""
    plots = []
    found = scale.curves(rows)
    for axis in scale.AXES:
        mine = list(enumerate((c for c in found if c.axis == axis), start=1))
        if mine:
            drawn = [
                charts.Line(
                    number,
                    [(size, time) for size, time, _ in curve.points],
                    f"{number} {curve.in_words()}",
                    [bounds for _, _, bounds in curve.points],
                )
                for number, curve in mine
            ]
            caption = f"Latency by {axis}"
            chart = charts.lines(caption, axis, "p50 latency, µs", drawn)
            notes = [(number, curve.in_words()) for number, curve in mine]
            plots.append(
                _figure(caption, "untrained networks, both axes logarithmic", chart, notes)
            )
    gains = "".join(
        f"<li>{escape(runtime)}: "
        + ", ".join(f"{ratio:.2f}× at width {width:g}" for width, ratio in ratios)
        + "</li>"
        for runtime, ratios in scale.gains(rows)
    )
    listed = f"<p>float32 ÷ int8 of the network alone:</p><ul>{gains}</ul>" if gains else ""
    return _plots("Width and vocabulary", plots) + listed


def _network(able: Sequence[Numbered]) -> str:
    rows = network.rows(able)
    if not rows:
        return ""
    headings = ["contender", *(f"{network.named(x)}, µs" for x in network.lengths(able))]
    cells = [[_tag(one.number) + escape(one.subject.title), *values] for one, values in rows]
    gains = "".join(f"<li>{escape(network.in_words(gain))}</li>" for gain in network.gains(able))
    return (
        "<h2>The network alone</h2>"
        + table(headings, cells)
        + '<p class="soft">From pieces to answer, decoding included, without the text graph: p50 '
        "of one text on one thread.</p>"
        + (f"<p>float32 ÷ int8, with 95 % intervals:</p><ul>{gains}</ul>" if gains else "")
    )


def _estimates(rows: Sequence[Row]) -> str:
    headings, body = estimates.table(rows)
    if not body:
        return ""
    listed = "".join(f"<li>{escape(line)}</li>" for line in estimates.sources(rows))
    return (
        "<h2>Estimates for other cores</h2>"
        + table(headings, [[escape(cell) for cell in line] for line in body])
        + f'<p class="soft">{escape(estimates.NOTE)}</p>'
        + f'<details class="soft"><summary>Sources</summary><ul>{listed}</ul></details>'
    )


def _noise(able: Sequence[Numbered], quality: str) -> str:
    headings, rows = figures.noises(able, quality)
    if not rows:
        return ""
    cells = [
        [_tag(number) + escape(title), *("" if v is None else f"{v:.2f}" for v in values)]
        for number, title, *values in rows
    ]
    return (
        f"<h2>Robustness: {escape(summary.named(quality))}, %</h2>"
        + table(headings[1:], cells)
        + '<p class="soft">Seeded disturbances of the test texts; the gold spans move along.</p>'
    )


def _operators(able: Sequence[Numbered]) -> str:
    found = figures.operators(able)
    if not found:
        return ""
    parts = ["<h2>Time by operator</h2>"]
    for one, listed in found:
        total = sum(taken for _, _, taken in listed) or 1
        rows = [
            [
                escape(name),
                f"{count:,}",
                f"{taken:.1f}",
                f'<i style="width:{100 * taken / total:.0f}px"></i> {100 * taken / total:.1f}',
            ]
            for name, count, taken in listed
        ]
        size = one.subject.one("operators")["bytes"]
        how = one.subject.note("operators") or "as the runtime's profiler counts"
        parts.append(
            f"<details><summary>{_tag(one.number)}{escape(one.subject.title)}: {total:,.0f} µs for "
            f"{size} bytes, {escape(how)}</summary>"
            + table(["operator", "nodes", "µs", "share, %"], rows)
            + "</details>"
        )
    return "".join(parts)


def _agreement(able: Sequence[Numbered]) -> str:
    lines = figures.disagreements(able)
    if not lines:
        return ""
    return (
        "<h2>Answers that differ</h2><ul>"
        + "".join(f"<li>{escape(x)}</li>" for x in lines)
        + ("</ul>")
    )


def _remarks(rows: Sequence[Row]) -> str:
    lines = figures.remarks(rows)
    if not lines:
        return ""
    listed = "".join(f"<li>{escape(x)}</li>" for x in lines)
    return f"<h2>Not measured</h2><ul>{listed}</ul>"


def _provenance(rows: Sequence[Row], able: Sequence[Numbered]) -> str:
    machines = {row["machine"].get("id"): row["machine"] for row in rows}
    parts = ["<h2>Where and what</h2>"]
    for machine in machines.values():
        facts = ", ".join(
            f"{name} {' '.join(value) if isinstance(value, list) else value}"
            for name, value in machine.items()
        )
        parts.append(f"<p>{escape(facts)}</p>")
    known = ", ".join(f"{name} {version}" for name, version in rows[-1]["versions"].items())
    parts.append(f"<p>{escape(known)}</p>")
    files = {(one.subject.file["name"], one.subject.file.get("sha256") or "") for one in able}
    cells = [[escape(name), f"<code>{escape(digest)}</code>"] for name, digest in sorted(files)]
    parts.append(
        f"<details><summary>File hashes (SHA-256)</summary>{table(['file', 'hash'], cells)}"
    )
    return "".join(parts) + "</details>"


def _figure(caption: str, note: str, chart: str, notes: Sequence[tuple[int, str]]) -> str:
    legend = "".join(f"<li>{_tag(number)}{escape(text)}</li>" for number, text in notes)
    return (
        f"<figure><figcaption>{escape(caption)}<span>{escape(note)}</span></figcaption>{chart}"
        f'<ul class="legend">{legend}</ul></figure>'
    )


def _plots(heading: str, plots: Sequence[str]) -> str:
    if not plots:
        return ""
    return f'<h2>{escape(heading)}</h2><div class="plots">{"".join(plots)}</div>'


def _tag(number: Any) -> str:
    return f'<b style="background:{charts.color(int(number))}">{number}</b>'
