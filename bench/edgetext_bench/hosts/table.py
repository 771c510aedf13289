"""The rows as a table: a line a host, a column for each kind of file in each precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgetext_bench.hosts.matrix import Row
from edgetext_bench.hosts.verdict import EQUAL, RED, SKIPPED, equal_of

CELL = 90  # characters of a fault that a cell shows; the list below has all of it
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Table:
    """headings and lines of cells, the host first in each; statuses: of the cells, without the
    host's; notes: what is red or skipped, a sentence each."""

    headings: list[str]
    lines: list[list[str]]
    statuses: list[list[str]]
    notes: list[str]


def table(rows: Sequence[Row]) -> Table:
    """Cells of several files are one: their sum, or the first fault; so are ways to ask a host."""
    columns = list(dict.fromkeys(_column(row) for row in rows))
    columns.sort()
    headings = ["host"]
    for column in columns:
        files = {row["file"]["name"] for row in rows if _column(row) == column}
        headings.append(" ".join(column) + (f", {len(files)} files" if len(files) > 1 else ""))
    lines, statuses = [], []
    for host in dict.fromkeys(row["host"] for row in rows):
        cells = [
            _cell([row for row in rows if row["host"] == host and _column(row) == column])
            for column in columns
        ]
        lines.append([host, *(words for words, _ in cells)])
        statuses.append([status for _, status in cells])
    return Table(headings, lines, statuses, _notes(rows))


def markdown(table: Table) -> str:
    """The table and, below it, the notes."""
    lines = [table.headings, ["---"] * len(table.headings), *table.lines]
    body = "\n".join(f"| {' | '.join(map(_escaped, line))} |" for line in lines)
    notes = "".join(f"- {_escaped(note)}\n" for note in table.notes)
    return f"{body}\n" + (f"\n{notes}" if notes else "")


def _column(row: Row) -> tuple[str, str]:
    return row["file"]["suffix"], row["file"]["precision"]


def _cell(rows: Sequence[Row]) -> tuple[str, str]:
    """What one cell shows, and its status."""
    red = [row for row in rows if row["status"] == RED]
    asked = [row for row in rows if row["status"] != SKIPPED]
    if red:
        words = red[0]["words"]
        words = words if len(words) <= CELL else words[:CELL].rstrip() + "…"
        if len(red) < len(asked):
            words += f" ({len(red)} of {len(asked)} runs)"
        return f"RED: {words}", RED
    if not asked:
        return (SKIPPED if rows else NOTHING), SKIPPED
    # Of a file that was asked in several ways, the one that came out worst.
    worst: dict[str, Row] = {}
    for row in sorted(asked, key=lambda row: -row["equal"]):
        worst[row["file"]["name"]] = row
    names = ("equal", "texts", "differing", "borderline")
    return equal_of(*(sum(row[name] for row in worst.values()) for name in names)), EQUAL


def _notes(rows: Sequence[Row]) -> list[str]:
    notes: list[str] = []
    for row in rows:
        if row["status"] == RED:
            way = f", level {row['way']}" if row["way"] else ""
            notes.append(f"red: {row['file']['name']} in {row['host']}{way}: {row['words']}")
        elif row["status"] == SKIPPED:
            notes.append(f"skipped: {row['host']}: {row['words']}")
    return list(dict.fromkeys(" ".join(note.split()) for note in notes))


def _escaped(cell: str) -> str:
    return " ".join(cell.split()).replace("|", "\\|")
