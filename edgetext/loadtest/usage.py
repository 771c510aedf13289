"""Processor time and memory of a process of `children.start` with all of its own, from /proc."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# After the name of /proc/PID/stat, which may hold blanks: state, session, user and system time.
STATE, SESSION, USER, SYSTEM = 0, 3, 11, 12
# The states of a process that has ended.
ENDED = "ZXx"


@dataclass(frozen=True, slots=True)
class Usage:
    """processor: seconds so far. resident, peak: bytes now, and at most; sums over the processes,
    so that shared pages count in each. processes: how many there are."""

    processor: float
    resident: int
    peak: int
    processes: int


def usage(session: int) -> Usage:
    """Measure the processes of a session; those that end meanwhile count as nothing."""
    processor, resident, peak, processes = 0.0, 0, 0, 0
    ticks = os.sysconf("SC_CLK_TCK")
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if int(fields[SESSION]) != session or fields[STATE] in ENDED:
                continue
            memory = _memory((folder / "status").read_text("utf-8", "replace"))
        except (OSError, IndexError):
            continue
        processor += (int(fields[USER]) + int(fields[SYSTEM])) / ticks
        resident += memory.get("VmRSS", 0)
        peak += memory.get("VmHWM", 0)
        processes += 1
    return Usage(processor, resident, peak, processes)


def _memory(status: str) -> dict[str, int]:
    """Bytes by field."""
    lines = (line.split() for line in status.splitlines() if line.startswith("Vm"))
    return {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines}
