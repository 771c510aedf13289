"""Plain lines: a text a line, or two with a tab between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.data.lines import read_lines
from edgetext.labeling.source import Asked, Chunk, Source, Survey, as_text, grouped, is_broken


class Lines(Source):
    """Each line is a row, an empty one too.

    inputs: the columns, which are what the task reads.
    """

    def __init__(self, files: Sequence[Path], inputs: Sequence[str]) -> None:
        super().__init__(files)
        self.inputs = tuple(inputs)

    def names(self) -> list[str]:
        return list(self.inputs)

    def survey(self, fields: Sequence[str]) -> Survey:
        rows = 0
        broken = dict.fromkeys(self.inputs, 0)
        for file in self.files:
            for number, line in read_lines(file):
                rows += 1
                parts = self._parts(line)
                if len(parts) != len(self.inputs):
                    raise EdgetextError(
                        f"{file}:{number}: the model reads two texts and this line has "
                        f"{len(parts)} column(s); write both with one tab between them"
                    )
                for name, part in zip(self.inputs, parts, strict=True):
                    broken[name] += not part.isascii() and is_broken(as_text(part))
        return Survey(rows, columns=dict.fromkeys(self.inputs, str), broken=_counted(broken))

    def chunks(self) -> Iterator[Chunk]:
        lines = (line for file in self.files for _, line in read_lines(file))
        for group in grouped(lines, len):
            yield Chunk(group, len(group))

    def texts(self, chunk: Chunk, fields: Sequence[str]) -> list[Asked]:
        return [self._parts(line) for line in chunk.rows]

    def records(self, chunk: Chunk) -> Iterable[Mapping[str, Any]]:
        cells = self.cells(chunk, self.inputs)
        return (dict(zip(self.inputs, row, strict=True)) for row in zip(*cells, strict=True))

    def openings(self, chunk: Chunk) -> Iterable[str]:
        """Give what a record is, without making one."""
        form = "{" + ",".join(f'"{name}":%s' for name in self.inputs)
        quoted = [map(encode_basestring, column) for column in self.cells(chunk, self.inputs)]
        return map(form.__mod__, zip(*quoted, strict=True))

    def cells(self, chunk: Chunk, names: Sequence[str]) -> list[Sequence[str]]:
        return [as_text(b"\n".join(column)).split("\n") for column in self._columns(chunk)]

    def table(self, chunk: Chunk, survey: Survey) -> Any:
        import pyarrow

        from edgetext.labeling.arrow import texts_of

        schema = self.schema(survey)
        columns = zip(self._columns(chunk), schema.types, strict=True)
        arrays = [texts_of(column, kind) for column, kind in columns]
        return pyarrow.Table.from_arrays(arrays, schema=schema)

    def _columns(self, chunk: Chunk) -> list[Sequence[bytes]]:
        """The bytes of each column."""
        return list(zip(*map(self._parts, chunk.rows), strict=True))

    def _parts(self, line: bytes) -> tuple[bytes, ...]:
        return (line,) if len(self.inputs) == 1 else tuple(line.split(b"\t"))


def _counted(broken: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in broken.items() if count}
