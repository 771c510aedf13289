"""The rows of a table, read once whatever quotes it holds."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.data.lines import decode, read_lines

Row = tuple[str, list[str] | EdgetextError]  # source, cells
# A text of any length is a cell: Python's limit of 131,072 characters would refuse long articles.
_LONGEST_CELL = 2**31 - 1


def read_rows(path: Path, delimiter: str, quote: str) -> Iterator[Row]:
    """Give the cells of each row; quoting as in RFC 4180, and a row may go over several lines.

    A quote counts where a cell begins with it. One that never closes, or closes amid a cell or in a
    row of another width than the first, takes no other line with it: its line comes as an error,
    and reading goes on with the next. Each line is looked at twice at most.
    """
    csv.field_size_limit(_LONGEST_CELL)
    lines = _Lines(path)
    width = 0
    while (numbered := next(lines.ahead(), None)) is not None:
        source = f"{path}:{numbered[0]}"
        used = 1
        if not numbered[1].strip(b" \r"):
            lines.drop(1)
            continue
        try:
            line = decode(numbered[1], source)
            if quote and quote in line:
                cells, used = _quoted(lines, delimiter, quote, width, source)
            else:
                cells = line.split(delimiter)
        except EdgetextError as error:
            yield source, error
        else:
            width = width or len(cells)
            yield source, cells
        lines.drop(used)


class _Lines:
    """The lines of a file, which may be looked at before they are dropped."""

    def __init__(self, path: Path) -> None:
        self.rest = read_lines(path)
        self.seen: list[tuple[int, bytes]] = []
        self.dropped = 0  # of those seen

    def ahead(self) -> Iterator[tuple[int, bytes]]:
        """Give each line that is not dropped, with its number from 1."""
        at = self.dropped
        while True:
            if at == len(self.seen):
                row = next(self.rest, None)
                if row is None:
                    return
                self.seen.append(row)
            yield self.seen[at]
            at += 1

    def drop(self, count: int) -> None:
        """Go past the next lines, which have been looked at."""
        self.dropped += count
        # Now and then, so that a line is moved a few times at most.
        if 2 * self.dropped > len(self.seen):
            del self.seen[: self.dropped]
            self.dropped = 0


def _quoted(
    lines: _Lines, delimiter: str, quote: str, width: int, source: str
) -> tuple[list[str], int]:
    """The cells of the row that begins at the next line, and how many lines it takes.

    width: of the table's first row, 0 where this is it.
    """
    texts = (decode(row, source) + "\n" for _, row in lines.ahead())
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
