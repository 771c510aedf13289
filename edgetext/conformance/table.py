"""Rows as tables: by task in the terminal, by engine in a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from edgetext.conformance.likeness import LIKENESSES
from edgetext.conformance.result import Row

# What the first column of the table in a page is called, by which it is recognized there.
ENGINE = "engine"
NOTHING = "—"


def by_task(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Give headings and lines: of each task in each engine and precision, how many golden examples
    and texts were answered how. A line of one file has its name."""
    headings = ["task", ENGINE, "file", "asked", *LIKENESSES]
    lines = []
    for key in sorted({_key(row) for row in rows}):
        chosen = [row for row in rows if _key(row) == key]
        names = [row["file"]["name"] for row in chosen]
        counts = _summed(chosen)
        lines.append(
            [
                key[0],
                engine_of(chosen[0]),
                names[0] if len(names) == 1 else f"{len(names)} files, {key[2]} {key[3]}",
                f"{sum(counts.values()):,}",
                *(f"{counts[name]:,}" for name in LIKENESSES),
            ]
        )
    return headings, lines


def in_page(page: str, rows: Sequence[Row]) -> str:
    """Give a page of Markdown whose table has a line for each engine and release and a column for
    each precision.

    The table that is in the page keeps the cells of other engines and precisions; where there is
    none, it comes last.
    """
    before, table, after = _parted(page)
    headings = [ENGINE, *sorted({*table.columns, *(row["file"]["precision"] for row in rows)})]
    for row in rows:
        table.cells.setdefault(_line_of(row), {})
    for line, cells in table.cells.items():
        for precision in headings[1:]:
            chosen = [
                row
                for row in rows
                if _line_of(row) == line and row["file"]["precision"] == precision
            ]
            if chosen:
                cells[precision] = _cell(chosen)
    lines = [headings, ["---"] * len(headings)]
    lines += [
        [line, *(cells.get(precision, NOTHING) for precision in headings[1:])]
        for line, cells in sorted(table.cells.items())
    ]
    body = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return before + body + after


class _Table:
    """The table of a page: columns without the first, and cells by line and column."""

    def __init__(self, lines: Sequence[str]) -> None:
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
        self.columns = rows[0][1:] if rows else []
        self.cells = {
            row[0]: {
                name: cell
                for name, cell in zip(self.columns, row[1:], strict=False)
                if cell != NOTHING
            }
            for row in rows[2:]
        }


def _parted(page: str) -> tuple[str, _Table, str]:
    """A page as what stands before the table, the table, and what stands behind it."""
    lines = page.splitlines(keepends=True)
    for start, line in enumerate(lines):
        if line.startswith(f"| {ENGINE} |"):
            end = start
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            return "".join(lines[:start]), _Table(lines[start:end]), "".join(lines[end:])
    before = page if not page or page.endswith("\n") else page + "\n"
    return before + ("\n" if before else ""), _Table([]), ""


def engine_of(row: Row) -> str:
    """Name the engine of a row with its release."""
    return f"{row['engine']['title']} {row['engine']['release']}".rstrip()


def _line_of(row: Row) -> str:
    return f"{engine_of(row)}, `{row['file']['suffix']}`"


def _key(row: Row) -> tuple[str, str, str, str]:
    file = row["file"]
    return file["task"], engine_of(row), file["suffix"], file["precision"]


def _summed(rows: Sequence[Row]) -> dict[str, int]:
    """How many golden examples and texts were answered how."""
    return {
        name: sum(row[part][name] for row in rows for part in ("golden", "texts"))
        for name in LIKENESSES
    }


def _cell(rows: Sequence[Row]) -> str:
    """The counts but for those that are zero, of how many files and tasks."""
    counts = _summed(rows)
    told = [f"{counts[name]:,} {name}" for name in LIKENESSES if counts[name] or name == "equal"]
    files = len(rows)
    tasks = len({row["file"]["task"] for row in rows})
    several = f" ({files} files, {tasks} task{'s' * (tasks > 1)})" if files > 1 else ""
    return ", ".join(told) + several
