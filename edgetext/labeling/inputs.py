"""Which source reads the files that were given, and which of its columns hold the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.core.files import open_bytes
from edgetext.labeling.lines import Lines
from edgetext.labeling.objects import JsonObjects
from edgetext.labeling.parquet import Parquet
from edgetext.labeling.source import Source
from edgetext.labeling.tables import TAB, Table

STDIN = Path("-")
_PARQUET, _OBJECTS, _TABLE, _TAB_TABLE, _LINES = "parquet", "objects", "csv", "tsv", "lines"
_FORMATS = {
    ".parquet": _PARQUET,
    ".pq": _PARQUET,
    ".jsonl": _OBJECTS,
    ".ndjson": _OBJECTS,
    ".csv": _TABLE,
    ".tsv": _TAB_TABLE,
    ".txt": _LINES,
    ".text": _LINES,
    ".log": _LINES,
}
_GZIP = ".gz"
_OPTIONS = ("--text", "--text-b")


@dataclass(frozen=True, slots=True)
class Columns:
    """What a user says of the columns. text, text_b: their names, None to be guessed; header:
    whether line 1 of a table names them; delimiter: what is between cells, None by the suffix."""

    text: str | None = None
    text_b: str | None = None
    header: bool = True
    delimiter: str | None = None


def check_files(files: Sequence[Path]) -> str:
    """Give the format of all files; EdgetextError where they are of several, one has none that is
    known, or one cannot be opened."""
    formats = {file: _LINES if file == STDIN else _format_of(file) for file in files}
    first = files[0]
    for file, name in formats.items():
        if name != formats[first]:
            raise EdgetextError(
                f"{file}: it is of another format than {first}; label them in runs of their own"
            )
        if file != STDIN:
            open_bytes(file).close()
    return formats[first]


def source_of(
    format_name: str, files: Sequence[Path], columns: Columns, inputs: Sequence[str]
) -> Source:
    """Make the source of files; inputs: the texts that the task reads."""
    if format_name == _PARQUET:
        return Parquet(files)
    if format_name == _OBJECTS:
        return JsonObjects(files)
    if format_name == _LINES:
        return Lines(files, inputs)
    delimiter = columns.delimiter or (TAB if format_name == _TAB_TABLE else ",")
    return Table(files, delimiter, columns.header)


def fields_of(source: Source, columns: Columns, inputs: Sequence[str]) -> tuple[str, ...]:
    """Give the columns of the texts: those that were said, else one with the name of an input, or
    the only column of text; EdgetextError where that is not clear."""
    where = str(source.files[0])
    given = (columns.text, columns.text_b)[: len(inputs)]
    if columns.text_b is not None and len(inputs) == 1:
        raise EdgetextError(f"{where}: the model reads one text; leave out --text-b")
    if isinstance(source, Lines):
        if any(name is not None for name in given):
            raise EdgetextError(f"{where}: lines have no columns; leave out --text and --text-b")
        return tuple(inputs)
    names = source.names()
    fields = []
    for name, wanted_input, option in zip(given, inputs, _OPTIONS, strict=False):
        alike = [each for each in names if each.casefold() == wanted_input]
        if name is None and len(inputs) == 1 and len(names) == 1:
            alike = names
        if name is None and len(alike) != 1:
            listed = ", ".join(names) or "none"
            raise EdgetextError(
                f"{where}: which column is the {wanted_input.replace('_', ' ')} that the model "
                f"reads? Give it by {option} (columns of text: {listed})"
            )
        fields.append(name if name is not None else alike[0])
    return tuple(fields)


def _format_of(file: Path) -> str:
    suffix = Path(file.stem).suffix if file.suffix == _GZIP else file.suffix
    name = _FORMATS.get(suffix.lower())
    if name is None or (name == _PARQUET and file.suffix == _GZIP):
        known = ", ".join(_FORMATS)
        hint = "; write JSON as an object a line" if suffix == ".json" else ""
        raise EdgetextError(
            f"{file}: the suffix says the format, and this is none of {known}, those of text with "
            f".gz, too{hint}; `-` reads lines from stdin"
        )
    return name
