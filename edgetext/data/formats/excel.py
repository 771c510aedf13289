"""Excel's workbooks."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from edgetext.core.errors import EdgetextError
from edgetext.core.libraries import library
from edgetext.data.example import Example
from edgetext.data.formats.rows import Row
from edgetext.data.formats.tables import ColumnsConfig, Table
from edgetext.data.no_label import judged
from edgetext.data.reader import Item, ReaderConfig, make_pair
from edgetext.registry import register

_WORKBOOK = "xl/workbook.xml"


class ExcelConfig(ColumnsConfig):
    text_b: str | int | None = Field(None, description="column of a second text; null = none")
    sheet: str | int = Field(0, description="a sheet's name, or its number from 0")

    @property
    def columns(self) -> list[str | int | None]:
        return [self.text, self.text_b, *self.label_columns]


@register("reader", "excel")
class Excel(Table):
    """A sheet of an .xlsx workbook, a text and its label a row; rows without a value are left out.

    A cell is the value that Excel last computed for it, and a whole number has no `.0`. Reading
    needs openpyxl.
    """

    Config: ClassVar[type[ReaderConfig]] = ExcelConfig

    def __init__(self, config: ExcelConfig) -> None:
        super().__init__(config)
        self.config = config

    def rows(self, path: Path) -> Iterator[Row]:
        return sheet_rows(path, self.config.sheet)

    def form(self) -> str:
        return f"sheet: {self.config.sheet}"

    def scan(self, path: Path, split: str) -> Iterator[Item]:
        for item in super().scan(path, split):
            yield judged(item) if isinstance(item, Example) and item.text_b is not None else item

    def _example(
        self, cells: list[str], columns: list[int | None], width: int, source: str
    ) -> Example:
        text, text_b, *labels = columns
        example = super()._example(cells, [text, *labels], width, source)
        if text_b is None:
            return example
        if not -width <= text_b < width:
            raise EdgetextError(
                f"{source}: there is no column {text_b} among {width}; text_b counts from 0"
            )
        return make_pair(example.text, cells[text_b], example.intent, source)


def is_workbook(path: Path) -> bool:
    """Tell whether a file is a zip archive of a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _WORKBOOK in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def sheet_rows(path: Path, sheet: str | int) -> Iterator[Row]:
    """Give the cells of each row of a sheet that has a value, as texts, as wide as the first.

    EdgetextError where the file is no workbook or has no such sheet, and where openpyxl is not
    installed. A row that is wider than the first comes as it is.
    """
    openpyxl = library("openpyxl", "Excel's workbooks")
    if not is_workbook(path):
        raise EdgetextError(f"{path}: not an .xlsx workbook; save it as one")
    with path.open("rb") as handle:
        try:
            book = openpyxl.load_workbook(handle, read_only=True, data_only=True)
        except Exception as error:  # openpyxl raises whatever its parsers do
            raise EdgetextError(
                f"{path}: this workbook is damaged ({error}); save it again"
            ) from error
        names = [each.title for each in book.worksheets]
        name = (
            names[sheet] if isinstance(sheet, int) and -len(names) <= sheet < len(names) else sheet
        )
        if name not in names:
            raise EdgetextError(f"{path}: there is no sheet {sheet}; it has {', '.join(names)}")
        width = 0
        for number, values in enumerate(book[name].iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in values]
            while cells and not cells[-1].strip():
                cells.pop()
            if cells:
                width = width or len(cells)
                yield f"{path}:{number}", cells + [""] * (width - len(cells))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, (date, time)) else str(value)
