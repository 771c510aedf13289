"""A command in a process of its own: how long it takes, and how much memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK = 0.02


@dataclass(frozen=True, slots=True)
class Spent:
    """processor, clock: seconds. peak: of resident memory, KiB."""

    processor: float
    clock: float
    peak: int


def measured(command: Sequence[str]) -> Spent:
    """Run a command to its end; SystemExit where it fails."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = ended = 0
    while not ended:
        # Not rusage's, in which a process has begun with the memory of the one that started it.
        peak = max(peak, peak_of(process.pid))
        time.sleep(LOOK)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    if status:
        raise SystemExit(f"{' '.join(command)}: status {status}")
    return Spent(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, peak)


def peak_of(pid: int) -> int:
    """Read the peak of resident KiB of a process so far; 0 where it has ended."""
    _, _, rest = Path(f"/proc/{pid}/status").read_text("ascii").partition("VmHWM:")
    return int(rest.split()[0]) if rest else 0
