"""The results as one picture: what each contender takes beside the first one of its runtime."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from edgetext.pages.charts import color
from edgetext_bench.report import figures
from edgetext_bench.report.figures import Numbered
from edgetext_bench.rows import AS_IS, Row

WIDTH = 720
# Where bars begin, and how wide the longest is; behind them stands what they are.
LEFT, LONGEST = 190, 340
BAR, GAP, HEAD = 15, 14, 22
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1f24}"
    ".soft{fill:#57606a}.group{font-weight:600}.scale{stroke:#8c959f;stroke-dasharray:3 3}"
    "@media(prefers-color-scheme:dark){rect.paper{fill:#0d1117}text{fill:#e6edf3}"
    ".soft{fill:#9198a1}}"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure of one contender. ratio: to the first contender of its runtime that has it, or to
    the first of all where it is the only one there; words: the figure with its unit."""

    number: int
    ratio: float
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one figure."""

    name: str
    bars: Sequence[Bar]


def groups(able: Sequence[Numbered]) -> list[Group]:
    """The figures that at least two contenders of one runtime have: p50 of the data's texts and of
    each length of one text on one thread, instructions, and the file's bytes."""
    compared = []
    for name, values in _figures(able):
        count = Counter(one.subject.runtime for one, _, _ in values)
        if not values or max(count.values()) < 2:
            continue
        firsts: dict[str, float] = {}
        bars = []
        for one, value, words in values:
            runtime = one.subject.runtime
            alone = count[runtime] == 1
            first = values[0][1] if alone else firsts.setdefault(runtime, value)
            bars.append(Bar(one.number, value / first, words))
        compared.append(Group(name, bars))
    return compared


def _figures(able: Sequence[Numbered]) -> Iterator[tuple[str, list[tuple[Numbered, float, str]]]]:
    """Each figure's name, and of each contender that has it the value and its words."""
    lengths = {
        length
        for one in able
        for threads, batch, length, _ in one.subject.latencies()
        if (threads, batch) == (1, 1)
    }
    for length in sorted(lengths, key=lambda x: -1 if isinstance(x, str) else x):
        # A phone is asked the golden examples.
        named = "texts of the data" if length == AS_IS else f"{length} texts"
        name = named if isinstance(length, str) else f"{length} bytes"
        taken = [(one, one.subject.one("latency", length=length).get("p50_us")) for one in able]
        yield name, [(one, value, f"{value:,.0f} µs") for one, value in taken if value]
    counted = [(one, one.subject.one("instructions").get("instructions")) for one in able]
    yield "instructions", [(one, x, f"{x / 1e6:,.2f} M") for one, x in counted if x]
    sizes = [(one, one.subject.file.get("bytes")) for one in able]
    yield "bytes of the file", [(one, size, f"{size:,}") for one, size in sizes if size]


def picture(rows: Sequence[Row]) -> str:
    """Draw one SVG document, "" where no two contenders of a runtime have a figure in common."""
    able = figures.numbered(rows)
    drawn = groups(able)
    if not drawn:
        return ""
    titles = {one.number: one.subject.title for one in able}
    shown = [n for n in titles if any(bar.number == n for group in drawn for bar in group.bars)]
    longest = max(bar.ratio for group in drawn for bar in group.bars)
    body = [
        f'<rect x="12" y="{HEAD * i + 8}" width="12" height="12" fill="{color(number)}"/>'
        f'<text x="32" y="{HEAD * i + 18}">{number} {escape(titles[number])}</text>'
        for i, number in enumerate(shown)
    ]
    y = top = HEAD * len(shown) + HEAD
    for group in drawn:
        middle = y + BAR * len(group.bars) / 2 + 4
        body.append(
            f'<text class="group" x="{LEFT - 12}" y="{middle:.1f}" text-anchor="end">'
            f"{escape(group.name)}</text>"
        )
        for bar in group.bars:
            width = LONGEST * bar.ratio / longest
            body.append(
                f'<rect class="mark" x="{LEFT}" y="{y + 1}" width="{width:.1f}" '
                f'height="{BAR - 2}" fill="{color(bar.number)}"/>'
                f'<text x="{LEFT + width + 8:.1f}" y="{y + BAR - 3}">{bar.number} · '
                f'{bar.ratio:.2f} <tspan class="soft">{escape(bar.words)}</tspan></text>'
            )
            y += BAR
        y += GAP
    one = LEFT + LONGEST / longest
    line = f'<path class="scale" d="M{one:.1f} {top - 4}V{y - GAP + 4}"/>'
    data = rows[-1]["data"]
    foot = f"{data['name']}, one text on one thread; 1 = the first of its runtime, or of all"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + HEAD}" role="img" '
        f'aria-label="{escape(foot)}"><style>{STYLE}</style>'
        f'<rect class="paper" width="{WIDTH}" height="{y + HEAD}" fill="#fff"/>'
        + line
        + "".join(body)
        + f'<text class="soft" x="{LEFT}" y="{y + 10}">{escape(foot)}</text></svg>\n'
    )
