"""Two result files cell by cell: what became slower, larger or worse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from edgetext.timing import statistics
from edgetext_bench.rows import Cell, Row, cell_of

# What each kind of cell is judged by. Starting is shown and not judged: it depends on the disk.
STARTS = ("load_ms", "first_ms")
# Of a metric, 0 to 1; less than one text in 700 is nobody's regression.
QUALITY_TOLERANCE = 0.005


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of one cell, before and after.

    ratio: new ÷ old, where larger is worse; low and high are its 95 % interval, equal to it where
    the figure has no noise. judged: whether it can be a regression.
    """

    cell: Cell
    figure: str
    old: float
    new: float
    ratio: float
    low: float
    high: float
    judged: bool

    def regressed(self, tolerance: float) -> bool:
        """Worse by more than `tolerance` (a share), the interval's better end included."""
        if not self.judged:
            return False
        if self.figure.startswith("quality"):
            return self.old - self.new > QUALITY_TOLERANCE
        return self.low > 1 + tolerance


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes, cells that only one file has, and a remark where machines differ, or ""."""

    changes: list[Change]
    only_old: list[Cell]
    only_new: list[Cell]
    warning: str


def compare(old: Sequence[Row], new: Sequence[Row]) -> Comparison:
    """Pair the cells by what they measure; files and dates may differ, that is what is compared."""
    before, after = _by_cell(old), _by_cell(new)
    changes = [
        change
        for cell, row in before.items()
        if cell in after
        for change in _changes(cell, row, after[cell])
    ]
    return Comparison(
        changes,
        [cell for cell in before if cell not in after],
        [cell for cell in after if cell not in before],
        _warning(old, new),
    )


def _by_cell(rows: Sequence[Row]) -> dict[Cell, Row]:
    return {cell_of(row): row for row in rows if row["status"] == "ok"}


def _changes(cell: Cell, old: Row, new: Row) -> Iterator[Change]:
    a, b = old["measured"], new["measured"]
    if cell.kind == "latency" and a.get("round_p50_us") and b.get("round_p50_us"):
        ratio, (low, high) = statistics.ratio(a["round_p50_us"], b["round_p50_us"])
        yield Change(cell, "p50_us", a["p50_us"], b["p50_us"], ratio, low, high, True)
    elif cell.kind == "quality":
        for name, value in a["metrics"].items():
            if name in b["metrics"]:
                found = b["metrics"][name]
                ratio = value / found if found else float("inf") if value else 1.0
                yield Change(cell, f"quality {name}", value, found, ratio, ratio, ratio, True)
    elif cell.kind == "start":
        for name in STARTS:
            ratio = b[name] / a[name]
            yield Change(cell, name, a[name], b[name], ratio, ratio, ratio, False)
        sizes = old["file"].get("bytes"), new["file"].get("bytes")
        if sizes[0] and sizes[1]:
            ratio = sizes[1] / sizes[0]
            yield Change(cell, "file bytes", sizes[0], sizes[1], ratio, ratio, ratio, True)
    elif cell.kind == "instructions":
        ratio = b["instructions"] / a["instructions"]
        values = a["instructions"], b["instructions"]
        yield Change(cell, "instructions", *values, ratio, ratio, ratio, True)


def _warning(old: Sequence[Row], new: Sequence[Row]) -> str:
    machines = [{row["machine"].get("id") for row in rows} for rows in (old, new)]
    if machines[0] != machines[1]:
        return "the two files were measured on different machines: their times do not compare"
    settings = [{str(sorted(row["settings"].items())) for row in rows} for rows in (old, new)]
    if settings[0] != settings[1]:
        return "the two files were measured with different settings"
    return ""
