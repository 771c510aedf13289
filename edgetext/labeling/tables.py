"""CSV and TSV: rows of cells under a line of names."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.lines import read_lines
from edgetext.labeling.source import (
    Asked,
    Chunk,
    Source,
    Survey,
    as_bytes,
    as_text,
    grouped,
    is_broken,
)

# A text of any length is a cell: Python's limit of 131,072 characters would refuse long articles.
_LONGEST_CELL = 2**31 - 1
TAB = "\t"


class Table(Source):
    """Cells are texts, an empty one an empty text. Quoting is as in RFC 4180, in a TSV there is
    none. Lines with blanks alone are left out.

    header: whether line 1 names the columns; else they are called 0, 1 and so on.
    """

    def __init__(self, files: Sequence[Path], delimiter: str, header: bool = True) -> None:
        super().__init__(files)
        self.delimiter = delimiter
        self.header = header
        self.columns = self._columns(self.files[0])
        for file in self.files[1:]:
            if (other := self._columns(file)) != self.columns:
                raise EdgetextError(
                    f"{file}: its columns ({', '.join(other)}) are not those of {self.files[0]} "
                    f"({', '.join(self.columns)}); label them in runs of their own"
                )

    def names(self) -> list[str]:
        return self.columns

    def survey(self, fields: Sequence[str]) -> Survey:
        rows = 0
        broken = [0] * len(self.columns)
        for row in self._rows():
            rows += 1
            for column, cell in enumerate(row):
                if not cell.isascii():
                    broken[column] += is_broken(cell)
        counted = {x: n for x, n in zip(self.columns, broken, strict=True) if n}
        return Survey(rows, columns=dict.fromkeys(self.columns, str), broken=counted)

    def chunks(self) -> Iterator[Chunk]:
        for group in grouped(self._rows(), lambda row: sum(map(len, row))):
            yield Chunk(group, len(group))

    def texts(self, chunk: Chunk, fields: Sequence[str]) -> list[Asked]:
        places = [self.columns.index(name) for name in fields]
        return [tuple(as_bytes(row[place]) for place in places) for row in chunk.rows]

    def records(self, chunk: Chunk) -> Iterable[Mapping[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in chunk.rows)

    def cells(self, chunk: Chunk, names: Sequence[str]) -> list[Sequence[str]]:
        """Give the cells as they were read."""
        columns = dict(zip(self.columns, zip(*chunk.rows, strict=True), strict=True))
        return [columns[name] for name in names]

    def _columns(self, file: Path) -> list[str]:
        """The names of a file's columns; EdgetextError where two are alike, or there is none."""
        first = next((row for _, row in self._all_rows(file)), None)
        if first is None:
            raise EdgetextError(f"{file}: it is empty; the first line must name the columns")
        if not self.header:
            return [str(number) for number in range(len(first))]
        names = [cell.strip() for cell in first]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise EdgetextError(
                f"{file}:1: two columns are called {twice!r}; give each a name of its own, or "
                "--no-header where the line is no names"
            )
        return names

    def _rows(self) -> Iterator[list[str]]:
        """The rows of all files without their names; EdgetextError for one of another width."""
        width = len(self.columns)
        for file in self.files:
            rows = self._all_rows(file)
            if self.header:
                next(rows, None)
            for number, row in rows:
                if len(row) != width:
                    raise EdgetextError(
                        f"{file}:{number}: {len(row)} columns where line 1 has {width}; correct "
                        "the line, quote a cell that holds the delimiter, or give --delimiter"
                    )
                yield row

    def _all_rows(self, file: Path) -> Iterator[tuple[int, list[str]]]:
        """(number of its last line, cells) of each row, line 1 too."""
        lines = ((n, as_text(line)) for n, line in read_lines(file))
        if self.delimiter == TAB:
            yield from ((n, line.split(TAB)) for n, line in lines if line.strip(" "))
            return
        csv.field_size_limit(_LONGEST_CELL)
        first = next(lines, None)
        if first is None:
            return
        texts = (line + "\n" for _, line in chain([first], lines))
        rows = csv.reader(texts, delimiter=self.delimiter, strict=True)
        begun = 1
        try:
            for row in rows:
                if row and (len(row) > 1 or row[0].strip(" ")):
                    yield rows.line_num, row
                begun = rows.line_num + 1
        except csv.Error as error:
            raise EdgetextError(
                f"{file}:{begun}: the quotes of the row that begins here are not paired ({error}); "
                "double a quote that belongs to the text, and quote its cell"
            ) from error
