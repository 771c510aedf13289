"""The same tables as Markdown, for a README."""

from __future__ import annotations

from collections.abc import Sequence

from edgetext_bench import summary
from edgetext_bench.report import estimates, figures, network, scale
from edgetext_bench.rows import Row


def markdown(rows: Sequence[Row]) -> str:
    """Tables, exponents, remarks and the machine; the charts are the HTML page's."""
    everything, rows = rows, [row for row in rows if not row.get("estimate")]
    able = figures.numbered(rows)
    quality = figures.quality_name(able)
    names = summary.metrics([n.subject for n in able])
    data, machine = rows[-1]["data"], rows[-1]["machine"]
    known = ", ".join(f"{name} {version}" for name, version in rows[-1]["versions"].items())
    parts = [
        f"# Benchmark of {data['name']}",
        f"{data['texts']:,} texts of the {data['split']} split; {machine['cpu']}, "
        f"{machine['cores']} core(s), {' '.join(machine['flags'])}; {known}; {rows[-1]['run']}.",
        table(
            [*summary.headings(names), "time ÷ first"],
            [[*summary.line(n.subject, names), figures.ratio_to_first(able, n)] for n in able],
        ),
    ]
    for axis in ("length", "batch", "threads"):
        curves = figures.curves(able, axis)
        if curves:
            sizes = sorted({x for line in curves for x, _ in line.points})
            value = "texts a second" if axis == "batch" else "p50 µs"
            body = []
            for line in curves:
                at = dict(line.points)
                title = line.note.partition(" ")[2]
                body.append([title, *(f"{at[x]:,.0f}" if x in at else "" for x in sizes)])
            parts.append(f"## By {axis}: {value}\n\n" + table(
                [axis, *(f"{x:g}" for x in sizes)], body
            ))  # fmt: skip
    found = scale.curves(rows)
    for axis in scale.AXES:
        mine = [curve for curve in found if curve.axis == axis]
        if mine:
            across = sorted({size for curve in mine for size, _, _ in curve.points})
            body = []
            for curve in mine:
                p50 = {size: f"{time:,.0f}" for size, time, _ in curve.points}
                body.append([curve.in_words(), *(p50.get(x, "") for x in across)])
            parts.append(
                f"## By {axis}, untrained: p50 µs\n\n"
                + table([axis, *(f"{x:,g}" for x in across)], body)
            )
    ratios = [
        f"- {runtime}: " + ", ".join(f"{ratio:.2f}× at width {w:g}" for w, ratio in each)
        for runtime, each in scale.gains(rows)
    ]
    if ratios:
        parts.append("float32 ÷ int8 of the network alone:\n\n" + "\n".join(ratios))
    alone = network.rows(able)
    if alone:
        names = ["network alone, p50 µs", *(network.named(x) for x in network.lengths(able))]
        body = [[one.subject.title, *values] for one, values in alone]
        gains = [f"- {network.in_words(gain)}" for gain in network.gains(able)]
        parts.append("## The network alone\n\n" + table(names, body))
        if gains:
            parts.append("float32 ÷ int8, with 95 % intervals:\n\n" + "\n".join(gains))
    guessed, body = estimates.table(everything)
    if body:
        parts += [
            "## Estimates for other cores\n\n" + table(guessed, body),
            estimates.NOTE,
            "\n".join(f"- {line}" for line in estimates.sources(everything)),
        ]
    headings, noisy = figures.noises(able, quality)
    if noisy:
        parts.append(
            f"## Robustness: {summary.named(quality)}, %\n\n"
            + table(headings[1:], [["" if x is None else str(x) for x in row[1:]] for row in noisy])
        )
    for heading, lines in (
        ("Answers that differ", figures.disagreements(able)),
        ("Not measured", figures.remarks(rows)),
    ):
        if lines:
            parts.append(f"## {heading}\n\n" + "\n".join(f"- {line}" for line in lines))
    return "\n\n".join(parts) + "\n"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """The first column to the left, the others to the right."""
    lines = [headings, ["---", *["---:"] * (len(headings) - 1)], *rows]
    return "\n".join("| " + " | ".join(_safe(cell) for cell in line) + " |" for line in lines)


def _safe(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
