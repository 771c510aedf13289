"""What is kept of each trial: a line of JSON, and a folder with its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from edgetext.core.files import in_turn
from edgetext.core.json_rows import append_row, read_rows
from edgetext.recipe.words import current_type
from edgetext.search.limits import Cost
from edgetext.search.measure import FileCost
from edgetext.search.space import Choice, in_words, shape_of

MEASURED, STOPPED, SKIPPED, FAILED = "measured", "stopped", "skipped", "failed"


@dataclass(frozen=True, slots=True)
class Record:
    """A choice and what became of it.

    status: MEASURED; STOPPED early, because others were better after as many epochs; SKIPPED
    untrained, because its files are too large or too slow; FAILED. note: why. name: of its folder.
    epochs: trained; seconds: all it took. quality: the watched metrics' worst drop after each
    epoch, in points. files: by suffix.
    """

    name: str
    choice: Choice
    status: str
    note: str = ""
    epochs: int = 0
    seconds: float = 0.0
    drops: list[float] = field(default_factory=list)
    files: dict[str, FileCost] = field(default_factory=dict)
    cost: Cost | None = None

    @property
    def words(self) -> str:
        return in_words(self.choice)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Records:
    """A file of records that grows, by as many processes as work on its folder.

    rows: those that were in the file when it was last read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: list[Record] = []
        self.refresh()

    def refresh(self) -> None:
        """Read what other processes have added."""
        if self.path.exists():
            with in_turn(self.path):
                self._read()

    def add(self, record: Record) -> None:
        """Add a record, which is on the disk then; EdgetextError where it cannot be written. One
        whose trial has a record already changes nothing."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # The lock is on the file, which another process may have to wait for.
        self.path.touch()
        with in_turn(self.path):
            # A process that was killed may have left half of a line.
            self._read()
            if self.find(record.name) is None:
                append_row(self.path, record.as_json(), "the trials")
                self.rows.append(record)

    def _read(self) -> None:
        self.rows[:] = read_rows(self.path, _record, "trial of `edgetext compress`")

    def find(self, name: str) -> Record | None:
        return next((record for record in self.rows if record.name == name), None)

    def of_shape(self, shape: Choice, status: str) -> Record | None:
        """Give a trial of a shape that ended so."""
        return next((r for r in self.of(status) if shape_of(r.choice) == shape), None)

    def of(self, *statuses: str) -> list[Record]:
        return [record for record in self.rows if record.status in statuses]


def _record(row: Mapping[str, Any]) -> Record:
    files = {suffix: FileCost(**file) for suffix, file in row["files"].items()}
    cost = None if row["cost"] is None else Cost(**row["cost"])
    choice = dict(row["choice"])
    if "encoder" in choice:  # which a search of an older edgetext may have called otherwise
        choice["encoder"] = current_type("encoder", choice["encoder"])
    return Record(**{**row, "choice": choice, "files": files, "cost": cost})
