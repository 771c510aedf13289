"""The rows of a table, read once whatever quotes it holds."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.lines import decode, read_lines

Row = tuple[str, list[str] | EdgetextError]  # source, cells
Lines = Sequence[tuple[int, bytes]]
# A text of any length is a cell: Python's limit of 131,072 characters would refuse long articles.
_LONGEST_CELL = 2**31 - 1


def read_rows(path: Path, delimiter: str, quote: str) -> Iterator[Row]:
    """Give the cells of each row; quoting as in RFC 4180, and a row may go over several lines.

    A quote counts where a cell begins with it. One that never closes, or closes amid a cell or in a
    row of another width than the first, takes no other line with it: its line comes as an error,
    and reading goes on with the next. Each line is looked at twice at most.
    """
    csv.field_size_limit(_LONGEST_CELL)
    lines = list(read_lines(path))
    width = at = 0
    while at < len(lines):
        source = f"{path}:{lines[at][0]}"
        used = 1
        if not lines[at][1].strip(b" \r"):
            at += 1
            continue
        try:
            line = decode(lines[at][1], source)
            if quote and quote in line:
                cells, used = _quoted(lines, at, delimiter, quote, width, source)
            else:
                cells = line.split(delimiter)
        except EdgetextError as error:
            yield source, error
        else:
            width = width or len(cells)
            yield source, cells
        at += used


def _quoted(
    lines: Lines, at: int, delimiter: str, quote: str, width: int, source: str
) -> tuple[list[str], int]:
    """The cells of the row that begins at line index `at`, and how many lines it takes.

    width: of the table's first row, 0 where this is it.
    """
    texts = (decode(lines[i][1], source) + "\n" for i in range(at, len(lines)))
    rows = csv.reader(texts, delimiter=delimiter, quotechar=quote, strict=True)
    try:
        cells = next(rows)
    except csv.Error as error:
        raise EdgetextError(f"{source}: {_reason(str(error))}") from error
    if rows.line_num > 1 and width and len(cells) != width:
        raise EdgetextError(
            f"{source}: a quote opens a cell and closes {rows.line_num - 1} line(s) below, in a "
            f"row of {len(cells)} columns where the first line has {width}; double the quote that "
            "belongs to the text, or set `quote: ''`"
        )
    return cells, rows.line_num


def _reason(error: str) -> str:
    """What is wrong with a row, and the mend, for an error of Python's csv."""
    if "unexpected end" in error:
        return (
            "a quote opens a cell and never closes; close it, double the quote that belongs to the "
            "text, or set `quote: ''`"
        )
    if "new-line" in error:
        return "a carriage return stands in a cell without quotes; remove it, or quote the cell"
    return (
        "text follows the quote that closes a cell; double the quotes that belong to the text, or "
        "set `quote: ''`"
    )
