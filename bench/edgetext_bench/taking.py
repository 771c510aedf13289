"""What takes part in a run on this machine, and which cells it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from edgetext.tasks.task import Task
from edgetext.timing.contenders import Entry, way_of
from edgetext_bench.rows import AS_IS, Cell

TARGET = "server"


@dataclass(frozen=True, slots=True)
class Taking:
    """A contender with what its rows say of its file, and the task that it answers."""

    entry: Entry
    file: dict[str, Any]
    task: Task[Any]

    def has(self, kind: str) -> bool:
        """Tell whether the contender has cells of that kind."""
        way = way_of(self.entry.runtime)
        if kind == "network":
            return way.network
        if kind == "scores":
            return way.scores and self.task.reads_pieces
        if kind == "work":
            return way.counted
        return True

    def cell(self, kind: str, threads: int = 1, batch: int = 1, length: int | str = AS_IS) -> Cell:
        """Name one of its cells."""
        entry = self.entry
        return Cell(TARGET, entry.name, entry.runtime, kind, threads, batch, length)


def absent(contender: str) -> Taking:
    """Stand for what cannot take part, in the row that says why."""
    return Taking(Entry(contender, "", "none"), {"name": contender, "sha256": None}, Task())
