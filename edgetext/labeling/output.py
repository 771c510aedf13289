"""What `label` writes: parts of a file in one format, and the file that they are joined to."""

from __future__ import annotations

import csv
import io
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from edgetext.core.errors import EdgetextError
from edgetext.labeling.answers import Answers
from edgetext.labeling.arrow import arrow_type
from edgetext.labeling.source import Chunk, Source, Survey, as_bytes

# Counted up when what is written of the same answers becomes other bytes: parts of two forms must
# not be joined.
FORM = 2
# Rows of a row group of the Parquet file that is written, and bytes of them in memory.
_GROUP, _GROUP_BYTES = 1 << 17, 1 << 26


class Output(ABC):
    """One format. It is sent to other processes.

    types: of the fields of an answer (see `Answering.json_types`), by the names that they have in
    the file.
    """

    suffix: ClassVar[str]

    def __init__(self, source: Source, survey: Survey, types: Mapping[str, Any]) -> None:
        self.source = source
        self.survey = survey
        self.types = dict(types)

    @abstractmethod
    def part(self, chunk: Chunk, answers: Answers) -> bytes:
        """Write the rows of a chunk with their answers."""

    @abstractmethod
    def join(self, parts: Iterable[Path], path: Path, done: Callable[[], None]) -> None:
        """Write the file of all parts; done: called after each."""


class JsonLines(Output):
    """An object a line. That of a JSON object is the object as it stood, with the answer at its
    end."""

    suffix = ".jsonl"

    def part(self, chunk: Chunk, answers: Answers) -> bytes:
        rows = zip(self.source.openings(chunk), answers.fields(self.types), strict=True)
        lines = [f"{row}{',' if len(row) > 1 else ''}{fields}\n" for row, fields in rows]
        return "".join(lines).encode("utf-8", "surrogateescape")

    def join(self, parts: Iterable[Path], path: Path, done: Callable[[], None]) -> None:
        _concatenate(b"", parts, path, done)


class Csv(Output):
    """A line of names, then a row each; lists and objects are JSON text in their cells."""

    suffix = ".csv"

    def part(self, chunk: Chunk, answers: Answers) -> bytes:
        cells = self.source.cells(chunk, list(self.survey.columns)) + answers.cells(self.types)
        return _as_csv(zip(*cells, strict=True))

    def join(self, parts: Iterable[Path], path: Path, done: Callable[[], None]) -> None:
        names = _as_csv([[*self.survey.columns, *self.types]])
        _concatenate(names, parts, path, done)


class ParquetFile(Output):
    """The columns with their types, and each field of the answer as a column of its own."""

    suffix = ".parquet"

    def part(self, chunk: Chunk, answers: Answers) -> bytes:
        import pyarrow

        table = self.source.table(chunk, self.survey)
        columns = [*table.columns, *answers.arrays(self.types)]
        schema = self._schema()
        # In Arrow's own form, which costs less to write and to read again than Parquet.
        content = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(content, schema) as stream:
            stream.write_table(pyarrow.Table.from_arrays(columns, schema=schema))
        return bytes(content.getvalue())

    def join(self, parts: Iterable[Path], path: Path, done: Callable[[], None]) -> None:
        import pyarrow
        import pyarrow.parquet

        waiting: list[Any] = []
        with pyarrow.parquet.ParquetWriter(path, self._schema()) as writer:

            def write() -> None:
                if waiting:
                    writer.write_table(pyarrow.concat_tables(waiting), row_group_size=_GROUP)
                    waiting.clear()

            for part in parts:
                with pyarrow.OSFile(str(part)) as file, pyarrow.ipc.open_stream(file) as stream:
                    waiting.append(stream.read_all())
                rows = sum(table.num_rows for table in waiting)
                if rows >= _GROUP or sum(table.nbytes for table in waiting) >= _GROUP_BYTES:
                    write()
                done()
            write()

    def _schema(self) -> Any:
        """The schema of the file."""
        schema = self.source.schema(self.survey)
        for name, kind in self.types.items():
            import pyarrow

            schema = schema.append(pyarrow.field(name, arrow_type(kind)))
        return schema


OUTPUTS: dict[str, type[Output]] = {each.suffix: each for each in (ParquetFile, JsonLines, Csv)}


def output_for(path: Path) -> type[Output]:
    """Give the format of a file by its suffix; EdgetextError where it is none of ours."""
    if path.suffix not in OUTPUTS:
        raise EdgetextError(
            f"{path}: the suffix says the format; let it end in {', '.join(OUTPUTS)}"
        )
    return OUTPUTS[path.suffix]


def _as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return as_bytes(text.getvalue())


def _concatenate(begin: bytes, parts: Iterable[Path], path: Path, done: Callable[[], None]) -> None:
    with path.open("wb") as file:
        file.write(begin)
        for part in parts:
            with part.open("rb") as content:
                shutil.copyfileobj(content, file)
            done()
