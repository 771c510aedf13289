"""The contenders' processes: one each, kept for as long as its number of threads is the same."""

from __future__ import annotations

from edgetext.timing.contenders import Entry
from edgetext.timing.machine import cores
from edgetext.timing.process import Worker
from edgetext.timing.texts import Question


class Workers:
    """Processes by contender. first: the text that each answers when it is started."""

    def __init__(self, first: Question) -> None:
        self.first = first
        self.running: dict[tuple[str, str], Worker] = {}

    def spawn(self, entry: Entry, threads: int) -> Worker:
        """Start a process, which is its caller's to close; WorkerError where it fails."""
        return Worker(entry, threads, cores()[:threads], self.first)

    def get(self, entry: Entry, threads: int) -> Worker:
        """Give the contender's process, started where it is not there; WorkerError where it
        fails."""
        key = (entry.name, entry.runtime)
        if key not in self.running:
            self.running[key] = self.spawn(entry, threads)
        return self.running[key]

    def keep(self, entry: Entry, worker: Worker) -> None:
        """Let a process that was spawned be the contender's."""
        self.running[entry.name, entry.runtime] = worker

    def drop(self, entry: Entry) -> None:
        """Close the contender's process, so that its next cell begins with a new one."""
        worker = self.running.pop((entry.name, entry.runtime), None)
        if worker is not None:
            worker.close()

    def close(self) -> None:
        """Close all."""
        for worker in self.running.values():
            worker.close()
        self.running.clear()
