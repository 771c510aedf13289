"""Files of one format, read in chunks of bounded size: what every source has."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from edgetext.core.errors import EdgetextError

T = TypeVar("T")
# One text or two; None where the row has none.
Asked = tuple[bytes, ...] | None
# A chunk ends at so many rows, or at so many bytes of input.
ROWS, BYTES = 8192, 1 << 23
_BROKEN = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a source holds, by one look at all of it.

    rows: how many; nulls: those without a text. columns: by name the type of the values, as
    `Answering.json_types` has types; None for values of several types, or nested ones. broken: the
    columns with bytes that are no UTF-8, and how many values each has of these.
    """

    rows: int
    nulls: int = 0
    columns: Mapping[str, Any] = field(default_factory=dict)
    broken: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows that stand one after the other, as the source reads them."""

    rows: Any
    count: int


class Source(ABC):
    """Files of one format in the order in which they were given. It is sent to other processes."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = list(files)

    @abstractmethod
    def names(self) -> list[str]:
        """Give the columns that may hold texts, without reading on for long."""

    @abstractmethod
    def survey(self, fields: Sequence[str]) -> Survey:
        """Look at all rows; EdgetextError for the first that cannot be read.

        fields: the columns of the texts.
        """

    @abstractmethod
    def chunks(self) -> Iterator[Chunk]:
        """Give all rows; the same chunks each time."""

    @abstractmethod
    def texts(self, chunk: Chunk, fields: Sequence[str]) -> list[Asked]:
        """Give what the model is asked of each row, in the bytes of the file."""

    @abstractmethod
    def records(self, chunk: Chunk) -> Iterable[Mapping[str, Any]]:
        """Give the values of each row by column; bytes that are no UTF-8 as surrogates (see
        `errors="surrogateescape"`)."""

    def openings(self, chunk: Chunk) -> Iterable[str]:
        """Give each row as a JSON object without the brace at its end; bytes that are no UTF-8 as
        `records` does."""
        from edgetext.labeling.cells import as_json

        return (as_json(record)[:-1] for record in self.records(chunk))

    def cells(self, chunk: Chunk, names: Sequence[str]) -> list[Sequence[str]]:
        """Give for each of some columns the cells of CSV that its values are."""
        from edgetext.labeling.cells import cell

        records = list(self.records(chunk))
        return [[cell(record.get(name)) for record in records] for name in names]

    def schema(self, survey: Survey) -> Any:
        """Give the pyarrow.Schema of the columns."""
        from edgetext.labeling.arrow import schema_of

        return schema_of(survey)

    def table(self, chunk: Chunk, survey: Survey) -> Any:
        """Give the rows as a pyarrow.Table of that schema."""
        from edgetext.labeling.arrow import table_of

        return table_of(self.records(chunk), self.schema(survey))


def grouped(rows: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Give rows in lists of at most ROWS, which end with the row that reaches BYTES.

    size: the bytes of a row.
    """
    group: list[T] = []
    total = 0
    for row in rows:
        group.append(row)
        total += size(row)
        if len(group) == ROWS or total >= BYTES:
            yield group
            group, total = [], 0
    if group:
        yield group


def as_text(data: bytes) -> str:
    """Decode, with what is no UTF-8 as surrogates, which `as_bytes` brings back."""
    return data.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """Encode what `as_text` decoded; a surrogate of a JSON escape as `?`, as `predict` does."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def is_broken(text: str) -> bool:
    """Tell whether what `as_text` decoded has bytes that are no UTF-8."""
    return _BROKEN.search(text) is not None


def unknown_column(source: str, name: str, names: Sequence[str]) -> EdgetextError:
    """Say that there is no such column, and which there are."""
    from edgetext.core.nearest import nearest

    return EdgetextError(
        f"{source}: there is no column {name}{nearest(name, names)} "
        f"(there are: {', '.join(names) or 'none'}); correct --text or --text-b"
    )
