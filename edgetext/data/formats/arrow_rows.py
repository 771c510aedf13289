"""The rows of Arrow's tables, batch after batch: Parquet, Arrow and Feather files, and folders that
Hugging Face's `save_to_disk` wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.libraries import library
from edgetext.data.formats.documents import read_json

PARQUET, ARROW = b"PAR1", b"ARROW1"
# Arrow's stream, which Hugging Face's files are, begins a message so.
STREAM = b"\xff\xff\xff\xff"
STATE = "state.json"
Record = dict[str, Any]
_BATCH = 1000  # rows that are Python's objects at once
_BUFFER = 64 * 1024  # bytes


def is_arrow(path: Path) -> bool:
    """Tell whether a file is Parquet's or Arrow's, or a folder one that `save_to_disk` wrote."""
    if path.is_dir():
        return (path / STATE).is_file()
    try:
        with path.open("rb") as file:
            return file.read(len(ARROW)).startswith((PARQUET, ARROW, STREAM))
    except OSError:
        return False  # who reads it says what is wrong


def read_records(path: Path, step: int = 1) -> Iterator[tuple[int, Record]]:
    """Give (number from 1, values by column) of every `step`-th row.

    Numbers of Hugging Face's class labels are names; None where the number is none of them.
    EdgetextError for a damaged file, and where pyarrow is not installed.
    """
    names: Mapping[str, Sequence[str]] | None = None
    before = 0
    for batch in _batches(path):
        if names is None:
            names = class_names(batch.schema.metadata or {}, path)
        places = range(-before % step, batch.num_rows, step)
        rows = (batch if step == 1 else batch.take(list(places))).to_pylist() if places else []
        for place, row in zip(places, rows, strict=True):
            for column in names.keys() & row.keys():
                row[column] = _named(row[column], names[column])
            yield before + place + 1, row
        before += batch.num_rows


def sample(path: Path, most: int) -> list[Record]:
    """Give about so many rows, evenly out of all."""
    count = sum(batch.num_rows for batch in _batches(path))
    return [row for _, row in read_records(path, max(1, count // most))]


def class_names(metadata: Mapping[bytes, bytes], path: Path) -> dict[str, list[str]]:
    """Give the names of the class labels by column: of a schema's metadata, or of a folder's
    dataset_info.json."""
    features: Any = {}
    if b"huggingface" in metadata:
        features = json.loads(metadata[b"huggingface"]).get("info", {}).get("features")
    elif (path / "dataset_info.json").is_file():
        features = read_json(path / "dataset_info.json").get("features")
    names = {column: _names_of(feature) for column, feature in (features or {}).items()}
    return {column: given for column, given in names.items() if given}


def _names_of(feature: Any) -> list[str]:
    """The names of a class label, or of a list of them."""
    if isinstance(feature, list) and feature:
        return _names_of(feature[0])
    if not isinstance(feature, dict):
        return []
    if feature.get("_type") == "ClassLabel":
        return list(feature.get("names") or ())
    return _names_of(feature.get("feature"))


def _named(value: Any, names: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    if not isinstance(value, int):
        return value
    return names[value] if 0 <= value < len(names) else None


def _batches(path: Path) -> Iterator[Any]:
    """The record batches of a file or a folder, of _BATCH rows at most."""
    arrow = library("pyarrow", "Parquet and Arrow files")
    for file in _files(path):
        try:
            for batch in _batches_of(file, arrow):
                for at in range(0, batch.num_rows, _BATCH):
                    yield batch.slice(at, _BATCH)
        except (arrow.ArrowException, OSError) as error:
            reason = str(error).partition("\n")[0]
            raise EdgetextError(
                f"{file}: not a whole Parquet or Arrow file ({reason}); write it again"
            ) from error


def _batches_of(file: Path, arrow: Any) -> Iterator[Any]:
    with file.open("rb") as handle:
        begin = handle.read(len(ARROW))
    if begin.startswith(PARQUET):
        parquet = library("pyarrow.parquet", "Parquet files")
        # Page after page: by default a whole row group, of a million rows, is read ahead.
        with parquet.ParquetFile(file, pre_buffer=False, buffer_size=_BUFFER) as table:
            yield from table.iter_batches(batch_size=_BATCH, use_threads=False)
        return
    messages = library("pyarrow.ipc", "Arrow files")
    with arrow.memory_map(str(file)) as mapped:
        if begin == ARROW:
            table = messages.open_file(mapped)
            yield from map(table.get_batch, range(table.num_record_batches))
        else:
            yield from messages.open_stream(mapped)


def _files(path: Path) -> list[Path]:
    """The file, or those that a folder's state.json lists."""
    if not path.is_dir():
        return [path]
    state = read_json(path / STATE)
    listed = state.get("_data_files") if isinstance(state, dict) else None
    if not isinstance(listed, list):
        raise EdgetextError(f"{path / STATE}: it lists no _data_files; save the data set again")
    return [path / str(each["filename"]) for each in listed]
