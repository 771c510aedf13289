"""The same tables as Markdown, for a README."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgetext_bench import summary
from edgetext_bench.report import estimates, figures, network, scale
from edgetext_bench.report.figures import Numbered
from edgetext_bench.rows import Row

AXES = ("length", "batch", "threads")


def markdown(rows: Sequence[Row]) -> str:
    """Write tables, exponents, remarks and the machine; the charts are the HTML page's."""
    measured = [row for row in rows if not row.get("estimate")]
    able = figures.numbered(measured)
    parts = [
        *_heading(measured),
        _overview(able),
        *_sweeps(able),
        *_scales(measured),
        *_networks(able),
        *_estimates(rows),
        *_robustness(able),
        *_remarks(able, measured),
    ]
    return "\n\n".join(parts) + "\n"


def _heading(rows: Sequence[Row]) -> Iterator[str]:
    data, machine = rows[-1]["data"], rows[-1]["machine"]
    known = ", ".join(f"{name} {version}" for name, version in rows[-1]["versions"].items())
    yield f"# Benchmark of {data['name']}"
    yield (
        f"{data['texts']:,} texts of the {data['split']} split; {machine['cpu']}, "
        f"{machine['cores']} core(s), {' '.join(machine['flags'])}; {known}; {rows[-1]['run']}."
    )


def _overview(able: Sequence[Numbered]) -> str:
    names = summary.metrics([n.subject for n in able])
    return table(
        [*summary.headings(names), "time ÷ first"],
        [[*summary.line(n.subject, names), figures.ratio_to_first(able, n)] for n in able],
    )


def _sweeps(able: Sequence[Numbered]) -> Iterator[str]:
    """A table an axis along which the files were measured."""
    for axis in AXES:
        curves = figures.curves(able, axis)
        if not curves:
            continue
        sizes = sorted({x for line in curves for x, _ in line.points})
        value = "texts a second" if axis == "batch" else "p50 µs"
        body = []
        for line in curves:
            at = dict(line.points)
            title = line.note.partition(" ")[2]
            body.append([title, *(f"{at[x]:,.0f}" if x in at else "" for x in sizes)])
        headings = [axis, *(f"{x:g}" for x in sizes)]
        yield f"## By {axis}: {value}\n\n" + table(headings, body)


def _scales(rows: Sequence[Row]) -> Iterator[str]:
    """A table an axis along which untrained networks were measured, and what int8 gains there."""
    curves = scale.curves(rows)
    for axis in scale.AXES:
        along = [curve for curve in curves if curve.axis == axis]
        if not along:
            continue
        sizes = sorted({size for curve in along for size, _, _ in curve.points})
        body = []
        for curve in along:
            p50 = {size: f"{time:,.0f}" for size, time, _ in curve.points}
            body.append([curve.in_words(), *(p50.get(x, "") for x in sizes)])
        headings = [axis, *(f"{x:,g}" for x in sizes)]
        yield f"## By {axis}, untrained: p50 µs\n\n" + table(headings, body)
    ratios = [
        f"- {runtime}: " + ", ".join(f"{ratio:.2f}× at width {w:g}" for w, ratio in each)
        for runtime, each in scale.gains(rows)
    ]
    if ratios:
        yield "float32 ÷ int8 of the network alone:\n\n" + "\n".join(ratios)


def _networks(able: Sequence[Numbered]) -> Iterator[str]:
    alone = network.rows(able)
    if not alone:
        return
    names = ["network alone, p50 µs", *(network.named(x) for x in network.lengths(able))]
    body = [[one.subject.title, *values] for one, values in alone]
    yield "## The network alone\n\n" + table(names, body)
    gains = [f"- {network.in_words(gain)}" for gain in network.gains(able)]
    if gains:
        yield "float32 ÷ int8, with 95 % intervals:\n\n" + "\n".join(gains)


def _estimates(rows: Sequence[Row]) -> Iterator[str]:
    headings, body = estimates.table(rows)
    if body:
        yield "## Estimates for other cores\n\n" + table(headings, body)
        yield estimates.NOTE
        yield "\n".join(f"- {line}" for line in estimates.sources(rows))


def _robustness(able: Sequence[Numbered]) -> Iterator[str]:
    quality = figures.quality_name(able)
    headings, noisy = figures.noises(able, quality)
    if noisy:
        body = [["" if x is None else str(x) for x in row[1:]] for row in noisy]
        yield f"## Robustness: {summary.named(quality)}, %\n\n" + table(headings[1:], body)


def _remarks(able: Sequence[Numbered], rows: Sequence[Row]) -> Iterator[str]:
    for heading, lines in (
        ("Answers that differ", figures.disagreements(able)),
        ("Not measured", figures.remarks(rows)),
    ):
        if lines:
            yield f"## {heading}\n\n" + "\n".join(f"- {line}" for line in lines)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table, the first column to the left, the others to the right."""
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "\n".join("| " + " | ".join(_safe(cell) for cell in line) + " |" for line in lines)


def _safe(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
