"""Formats with a text a row: CSV and TSV with a text and a label column, and PyText's TSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from edgetext.core.errors import EdgetextError
from edgetext.core.nearest import nearest
from edgetext.data.example import Example
from edgetext.data.formats.rows import Row, read_rows
from edgetext.data.label_name import label_name
from edgetext.data.lines import decode, read_lines
from edgetext.data.reader import Item, LineReader, Reader, ReaderConfig, attempt, make_example
from edgetext.data.several_labels import marked_labels, parted_labels, with_labels
from edgetext.data.taken import Taken
from edgetext.registry import register


class ColumnsConfig(ReaderConfig):
    """Which columns hold what: names of the header line, or numbers from 0."""

    text: str | int = Field("text", description="column of the text")
    label: str | int | list[str] | None = Field(
        "label",
        description="column of the label (`intent` is `label`, too); or columns with 0 or 1, a "
        "label each, where a text may have several; null = none",
    )
    label_separator: str | None = Field(
        None, min_length=1, description="between several labels in one cell, as `|`; null = one"
    )
    header: bool | None = Field(
        None, description="whether the first line names the columns; null = if columns are names"
    )

    @property
    def columns(self) -> list[str | int | None]:
        """What holds what, the label last."""
        return [self.text, *self.label_columns]

    @property
    def label_columns(self) -> list[str | int | None]:
        """The column of the label; or those of several."""
        return [*self.label] if isinstance(self.label, list) else [self.label]

    @model_validator(mode="after")
    def _names_need_a_header(self) -> Self:
        if self.header is False and any(isinstance(c, str) for c in self.columns):
            raise ValueError("without a header, text and label are column numbers, from 0")
        return self


class TableConfig(ColumnsConfig):
    """How a file of text is parted into cells."""

    delimiter: str = Field(",", min_length=1, max_length=1)
    quote: str = Field('"', max_length=1, description="around a cell; '' = no quoting")

    @field_validator("delimiter")
    @classmethod
    def _not_a_line_end(cls, value: str) -> str:
        if value in "\r\n":
            raise ValueError("the delimiter cannot be a line end; use a comma, a tab or `;`")
        return value


class TsvConfig(TableConfig):
    delimiter: str = Field("\t", min_length=1, max_length=1)
    quote: str = Field("", max_length=1, description="around a cell; '' = no quoting")


class Table(Reader):
    """Rows with a text and a label column; a format overrides `rows` and `form`, and
    `count` where lines are rows."""

    options: ClassVar[Mapping[str, str]] = {name: name for name in ("text", "label", "header")}

    def __init__(self, config: ColumnsConfig) -> None:
        super().__init__(config)
        self.columns_config = config

    def rows(self, path: Path) -> Iterator[Row]:
        """Give the cells of each row."""
        raise NotImplementedError

    def form(self) -> str:
        """Say in words what parts the cells."""
        raise NotImplementedError

    def count(self, path: Path) -> int | None:
        """Count the lines that should be a row each; None where a row is not a line."""
        return None

    def taken(self, path: Path) -> Taken:
        """Tell the columns, with a row."""
        config = self.columns_config
        cells = [row for _, row in islice(self.rows(path), 2) if isinstance(row, list)]
        named = config.header or any(isinstance(c, str) for c in config.columns)
        header = [cell.strip() for cell in cells.pop(0)] if named and cells else []
        row = cells[0] if cells else []
        options = [
            name for name in ("text", "text_b", "label") if name in type(config).model_fields
        ]
        used: dict[str, Any] = {name: getattr(config, name) for name in options}
        if isinstance(config.label, list):
            del used["label"]
            used |= {f"label {name}": name for name in config.label}
        elif isinstance(used["label"], str) and header:
            used["label"] = label_name(used["label"], header)
        places = {name: header.index(ref) if ref in header else ref for name, ref in used.items()}
        lines = [f"{'names' if named else 'no names'} in line 1; {self.form()}"]
        for name, place in places.items():
            if isinstance(place, int) and -len(row) <= place < len(row):
                ref = header[place] if place < len(header) else f"column {place}"
                lines.append(f"{name}: {ref}, as {row[place]!r:.60}")
        lines += [f"label_separator: {config.label_separator}"] * bool(config.label_separator)
        names = [name for i, name in enumerate(header) if i not in places.values()]
        unused = tuple(name or "without a name" for name in names)
        count = self.count(path)
        return Taken(tuple(lines), unused, None if count is None else count - bool(named))

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        config = self.columns_config
        rows = self.rows(path)
        named = config.columns
        header: list[str] = []
        if config.header or any(isinstance(c, str) for c in named):
            source, cells = next(rows, (f"{path}:1", []))
            if isinstance(cells, EdgetextError):
                raise cells
            header = [cell.strip() for cell in cells]
            if not header:
                return
            if isinstance(named[-1], str) and not isinstance(config.label, list):
                named = [*named[:-1], label_name(named[-1], header)]
            self._check_header(header, [c for c in named if isinstance(c, str)], source)
        columns = [header.index(c) if isinstance(c, str) else c for c in named]
        width = len(header)
        for source, cells in rows:
            if isinstance(cells, EdgetextError):
                yield cells
                continue
            width = width or len(cells)
            yield attempt(self._example, cells, columns, width, source)

    def _check_header(self, header: list[str], names: list[str], source: str) -> None:
        for name in names:
            if name not in header:
                raise EdgetextError(
                    f"{source}: no column is called {name}{nearest(name, header)} (the first line "
                    f"has: {', '.join(header)[:200]}); set text and label to the columns' names, "
                    "or to numbers from 0 when there is no header"
                )
            if header.count(name) > 1:
                raise EdgetextError(f"{source}: two columns are called {name}; rename one of them")

    def _example(
        self, cells: list[str], columns: list[int | None], width: int, source: str
    ) -> Example:
        text, *labels = columns
        if len(cells) != width:
            raise EdgetextError(
                f"{source}: {len(cells)} columns where the first line has {width}; correct the "
                "line, or quote a cell that holds the delimiter"
            )
        for column in columns:
            if column is not None and not -width <= column < width:
                raise EdgetextError(
                    f"{source}: there is no column {column} among {width}; text and label count "
                    "from 0"
                )
        assert text is not None
        values = [cells[label].strip() for label in labels if label is not None]
        several = self._several(values, source)
        if several is not None:
            return with_labels(make_example(cells[text], None, (), source), several)
        return make_example(cells[text], values[0] if values else None, (), source)

    def _several(self, values: list[str], source: str) -> list[str] | None:
        """The labels of a row whose text may have several; None where it may not."""
        config = self.columns_config
        if isinstance(config.label, list):
            return marked_labels(dict(zip(config.label, values, strict=True)), source)
        if config.label_separator is None or not values:
            return None
        return parted_labels(values[0], config.label_separator)


@register("reader", "csv")
class Csv(Table):
    """A table with a text and a label column; quoting as in RFC 4180.

    A quote counts only where a cell begins with it, so an inch sign inside a text stays one; one
    that never closes is an error of its line alone.
    """

    Config: ClassVar[type[ReaderConfig]] = TableConfig
    options: ClassVar[Mapping[str, str]] = {**Table.options, "delimiter": "delimiter"}

    def __init__(self, config: TableConfig) -> None:
        super().__init__(config)
        self.config = config

    def rows(self, path: Path) -> Iterator[Row]:
        return read_rows(path, self.config.delimiter, self.config.quote)

    def form(self) -> str:
        mark = {"\t": "tab"}.get(self.config.delimiter, self.config.delimiter)
        return f"between cells: {mark}; quotes: {self.config.quote or 'none'}"

    def count(self, path: Path) -> int:
        return sum(1 for _, row in read_lines(path) if row.strip(b" \r"))


@register("reader", "tsv")
class Tsv(Csv):
    """The same with tabs, and quotes are part of the text unless `quote` says otherwise."""

    Config = TsvConfig


@register("reader", "pytext_tsv")
class PyTextTsv(LineReader):
    """PyText's three columns: label TAB `start:end:slot,start:end:slot` TAB text.

    Offsets count characters, the end is exclusive, and the slots may be empty.
    """

    def example(self, row: bytes, source: str) -> Example:
        cells = decode(row, source).split("\t")
        if len(cells) != 3:
            raise EdgetextError(
                f"{source}: {len(cells)} columns, not 3; write label, slots and text with tabs "
                "between them"
            )
        label, slots, text = cells
        spans = [_slot(slot, source) for slot in slots.split(",") if slot.strip()]
        return make_example(text, label.strip(), spans, source)


def _slot(slot: str, source: str) -> tuple[str, int, int]:
    match = re.fullmatch(r"\s*(\d+):(\d+):(.+?)\s*", slot, re.ASCII)
    if match is None:
        raise EdgetextError(f"{source}: {slot!r} is not a slot; write `start:end:slot`")
    return match[3], int(match[1]), int(match[2])
