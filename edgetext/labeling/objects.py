"""JSON Lines: an object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
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
    unknown_column,
)

# So many objects are looked at for the fields that may hold texts.
_FIRST = 1000
_LARGEST = 2**63


class JsonObjects(Source):
    """Each line with more than blanks is a row. A text that is missing is none, like null."""

    def names(self) -> list[str]:
        kinds: dict[str, set[type]] = {}
        for _, value in islice(self._values(), _FIRST):
            for name, item in value.items():
                kinds.setdefault(name, set()).add(type(item))
        return [name for name, types in kinds.items() if str in types]

    def survey(self, fields: Sequence[str]) -> Survey:
        kinds: dict[str, set[type]] = {}
        broken: dict[str, int] = {}
        rows = nulls = 0
        for where, value in self._values():
            rows += 1
            nulls += any(value.get(name) is None for name in fields)
            for name, item in value.items():
                kind = type(item)
                if kind is int and not -_LARGEST <= item < _LARGEST:
                    kind = dict  # As what a table has no type for.
                kinds.setdefault(name, set()).add(kind)
                if kind is str and not item.isascii() and is_broken(item):
                    broken[name] = broken.get(name, 0) + 1
            for name in fields:
                if not isinstance(value.get(name), str | None):
                    raise EdgetextError(
                        f"{where}: {name} is {json.dumps(value[name])[:60]} and no text; write it "
                        "in quotes, or choose another field by --text"
                    )
        for name in fields:
            if name not in kinds and rows:
                raise unknown_column(str(self.files[0]), name, list(kinds))
        columns = {name: _kind(types - {type(None)}) for name, types in kinds.items()}
        return Survey(rows, nulls, columns, broken)

    def chunks(self) -> Iterator[Chunk]:
        lines = (line for file in self.files for _, line in read_lines(file) if line.strip())
        for group in grouped(lines, len):
            yield Chunk(group, len(group))

    def texts(self, chunk: Chunk, fields: Sequence[str]) -> list[Asked]:
        asked: list[Asked] = []
        for record in self.records(chunk):
            texts = [record[name] for name in fields if record.get(name) is not None]
            asked.append(tuple(map(as_bytes, texts)) if len(texts) == len(fields) else None)
        return asked

    def records(self, chunk: Chunk) -> Iterable[Mapping[str, Any]]:
        return (json.loads(as_text(line)) for line in chunk.rows)

    def openings(self, chunk: Chunk) -> Iterable[str]:
        """Give the lines as they stand, so that numbers, escapes and bytes stay as they are."""
        return (as_text(line.strip()[:-1].rstrip()) for line in chunk.rows)

    def _values(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Give ("file:line", object) of all rows; EdgetextError for what is none."""
        for file in self.files:
            for number, line in read_lines(file):
                if line.strip():
                    yield f"{file}:{number}", _object(line, file, number)


def _object(line: bytes, file: Path, number: int) -> dict[str, Any]:
    try:
        value = json.loads(as_text(line))
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply")
        raise EdgetextError(
            f"{file}:{number}: not JSON ({reason}); write an object a line"
        ) from error
    if not isinstance(value, dict):
        raise EdgetextError(f"{file}:{number}: no JSON object; write an object a line (JSON Lines)")
    return value


def _kind(types: set[type]) -> Any:
    """The type of a table's column that holds such values; None where it must be JSON text."""
    if types == {int, float}:
        return float
    if len(types) == 1 and types <= {str, int, float, bool}:
        return next(iter(types))
    return None if types else str
