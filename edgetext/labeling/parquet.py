"""Parquet files, batch after batch."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.files import open_bytes
from edgetext.labeling.arrow import imported
from edgetext.labeling.source import (
    BYTES,
    ROWS,
    Asked,
    Chunk,
    Source,
    Survey,
    unknown_column,
)

_BUFFER = 64 * 1024  # bytes


class Parquet(Source):
    """Columns keep their types. A text is text or binary, in any of Arrow's forms."""

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__(files)
        imported("pyarrow")
        first = self._schema_of(self.files[0])
        for file in self.files[1:]:
            if not self._schema_of(file).equals(first):
                raise EdgetextError(
                    f"{file}: its columns are not those of {self.files[0]}; label them in runs of "
                    "their own"
                )
        self.columns = first

    def names(self) -> list[str]:
        return [column.name for column in self.columns if _is_text(column.type)]

    def survey(self, fields: Sequence[str]) -> Survey:
        for name in fields:
            if name not in self.names():
                if name in self.columns.names:
                    raise EdgetextError(
                        f"{self.files[0]}: column {name} holds {self.columns.field(name).type} and "
                        f"no text (columns of text: {', '.join(self.names()) or 'none'})"
                    )
                raise unknown_column(str(self.files[0]), name, self.columns.names)
        rows = nulls = 0
        for batch in self._batches(list(fields)):
            rows += batch.num_rows
            nulls += batch.num_rows - batch.drop_null().num_rows
        return Survey(rows, nulls, dict.fromkeys(self.columns.names))

    def chunks(self) -> Iterator[Chunk]:
        for batch in self._batches(None):
            for part in _cut(batch):
                yield Chunk(part, part.num_rows)

    def texts(self, chunk: Chunk, fields: Sequence[str]) -> list[Asked]:
        columns = [_bytes_of(chunk.rows.column(name)) for name in fields]
        return [None if None in texts else texts for texts in zip(*columns, strict=True)]

    def records(self, chunk: Chunk) -> Iterable[Mapping[str, Any]]:
        return iter(chunk.rows.to_pylist())

    def schema(self, survey: Survey) -> Any:
        return self.columns

    def table(self, chunk: Chunk, survey: Survey) -> Any:
        import pyarrow

        return pyarrow.Table.from_batches([chunk.rows], self.columns)

    def _schema_of(self, file: Path) -> Any:
        with _opened(file) as table:
            return table.schema_arrow

    def _batches(self, columns: list[str] | None) -> Iterator[Any]:
        """The record batches of all files; columns: None for all of them."""
        for file in self.files:
            with _opened(file) as table:
                yield from table.iter_batches(ROWS, columns=columns, use_threads=False)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[Any]:
    """A pyarrow.parquet.ParquetFile; EdgetextError where the file is none, or is cut short."""
    arrow = imported("pyarrow")
    parquet = imported("pyarrow.parquet")
    open_bytes(file).close()
    try:
        # Page after page: by default a whole row group, of a million rows, is read ahead.
        with parquet.ParquetFile(file, pre_buffer=False, buffer_size=_BUFFER) as table:
            yield table
    except (arrow.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise EdgetextError(
            f"{file}: not a whole Parquet file ({reason}); copy or write it again"
        ) from error


def _cut(batch: Any) -> Iterator[Any]:
    """A batch in halves, until each has at most BYTES or is one row."""
    if batch.num_rows <= 1 or batch.get_total_buffer_size() <= BYTES or batch.nbytes <= BYTES:
        yield batch
        return
    # Copies: a slice would take all of its batch along to another process.
    middle = batch.num_rows // 2
    yield from _cut(batch.take(list(range(middle))))
    yield from _cut(batch.take(list(range(middle, batch.num_rows))))


def _is_text(kind: Any) -> bool:
    """Tell whether values of an Arrow type are texts, or none at all, as those of a column of which
    no text is known."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    tests = (
        "null",
        "string",
        "large_string",
        "string_view",
        "binary",
        "large_binary",
        "binary_view",
    )
    return any(getattr(types, f"is_{test}")(kind) for test in tests)


def _bytes_of(column: Any) -> list[bytes | None]:
    """The values of a column of texts in bytes."""
    import pyarrow

    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    values: list[bytes | None] = column.cast(pyarrow.large_binary()).to_pylist()
    return values
