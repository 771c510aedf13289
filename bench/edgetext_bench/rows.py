"""Results as JSON Lines, one cell a line, added as they come.

A row:

    format    1
    cell      what was measured: {"target", "contender", "runtime", "kind", "threads", "batch",
              "length"}; length is in bytes, or "test" for texts of the test split as they are
    status    "ok", "skipped" (with the reason in `note`) or "failed" (with the fault in `note`)
    note      a sentence, or ""
    measured  the figures, by kind
    file      {"name", "bytes", "sha256", "variant", "task", "model"} of the artifact
    data      {"name", "split", "texts", "sha256"}
    machine   see machine.describe
    versions  see machine.versions
    settings  {"seed", "quick"}
    estimate  only where a figure is computed and not measured: true

A time is in microseconds (`_us`) or milliseconds (`_ms`), a size in bytes, a metric 0 to 1.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from edgetext.core.errors import EdgetextError
from edgetext.core.files import alone_with, read_bytes

FORMAT = 1
AS_IS = "test"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of the results. kind: "quality", "noise", "start", "latency", "network" (the latency
    of the network alone), "scores" (the same without decoding), "operators", "work", "instructions"
    or "estimate"."""

    target: str
    contender: str
    runtime: str
    kind: str
    threads: int = 1
    batch: int = 1
    length: int | str = AS_IS

    def __str__(self) -> str:
        text = f"{self.contender} in {self.runtime} on {self.target}: {self.kind}"
        if self.kind in ("latency", "network", "scores"):
            unit = "texts as they are" if self.length == AS_IS else f"{self.length} bytes"
            text += f", {self.threads} thread(s), batch {self.batch}, {unit}"
        return text

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def make_row(
    cell: Cell,
    file: dict[str, Any],
    common: dict[str, Any],
    figures: dict[str, Any] | None = None,
    status: str = "ok",
    note: str = "",
) -> Row:
    """A row as in the module's docstring; common: what all rows of a run say."""
    return {
        "format": FORMAT,
        "cell": cell.as_json(),
        "status": status,
        "note": note,
        "measured": figures or {},
        "file": file,
        **common,
    }


def cell_of(row: Row) -> Cell:
    return Cell(**row["cell"])


def key(row: Row) -> str:
    """Rows with the same key measure the same thing: cell, file, data, machine and settings."""
    parts = [
        row["cell"],
        row["file"].get("sha256"),
        row["data"].get("sha256"),
        row["machine"].get("id"),
        row["settings"],
    ]
    return json.dumps(parts, sort_keys=True)


class Results:
    """A results file that grows; what it holds already is not measured again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = read_rows(path) if path.exists() else []
        # What failed or was missing may be there now.
        self.known = {key(row) for row in self.rows if row["status"] == "ok" or _lasting(row)}
        path.parent.mkdir(parents=True, exist_ok=True)
        _end_last_line(path)

    def holds(self, row: Row) -> bool:
        return key(row) in self.known

    def add(self, row: Row) -> None:
        """Append the row; it is on the disk when this returns."""
        self.rows = [*(old for old in self.rows if key(old) != key(row)), row]
        self.known.add(key(row))
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        except OSError as error:
            raise EdgetextError(
                f"{self.path}: the results cannot be written ({error.strerror}); choose another "
                "file with -o"
            ) from error


@contextlib.contextmanager
def opened(path: Path, *, anew: bool = False) -> Iterator[Results]:
    """Give the results of a file, which no other process may add to while the block runs.

    anew: whether what it holds goes first. EdgetextError where another one adds to it.
    """
    with alone_with(path):
        if anew:
            os.truncate(path, 0)
        yield Results(path)


def _lasting(row: Row) -> bool:
    """Whether a skipped cell would be skipped again: its file is there, its runtime is mute."""
    return row["status"] == "skipped" and row["file"].get("sha256") is not None


def read_rows(path: Path) -> list[Row]:
    """All rows, a later one in the place of an earlier one with its key.

    EdgetextError for a line that is none; a last line that was cut short is passed over, since a
    run may have been stopped in it.
    """
    rows: dict[str, Row] = {}
    for row in _lines(path):
        rows[key(row)] = row
    return list(rows.values())


def _lines(path: Path) -> Iterator[Row]:
    lines = read_bytes(path).decode("utf-8", "replace").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if row["format"] != FORMAT:
                raise EdgetextError(
                    f"{path}:{number}: these results have format {row['format']}, this edgetext "
                    f"reads {FORMAT}; measure again"
                )
            Cell(**row["cell"])
            key(row)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if number == len(lines):
                return
            raise EdgetextError(
                f"{path}:{number}: this line is no benchmark result; give a file that "
                "`edgetext bench` wrote"
            ) from error
        yield row


def _end_last_line(path: Path) -> None:
    """Cut a line that was not finished, so that the next one stands alone."""
    if path.exists():
        content = path.read_bytes()
        if content and not content.endswith(b"\n"):
            path.write_bytes(content[: content.rfind(b"\n") + 1])
