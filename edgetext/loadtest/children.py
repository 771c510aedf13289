"""Processes of our own that do not outlive this one."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from edgetext.loadtest.usage import usage

TIED = Path(__file__).with_name("tied.py")
# Seconds that a process has to end by itself.
GRACE = 5.0
LOOK = 0.01


def start(
    module: str,
    arguments: Sequence[str] = (),
    *,
    cores: Sequence[int] = (),
    ends_by: signal.Signals = signal.SIGKILL,
    stdin: IO[Any] | int = subprocess.DEVNULL,
    stdout: IO[Any] | int = subprocess.DEVNULL,
    stderr: IO[Any] | int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start `python -m module arguments` in a session of its own, on `cores` alone where some are
    given; it gets `ends_by` when this process is gone."""
    tie = [str(TIED), str(os.getpid()), str(int(ends_by)), ",".join(map(str, cores))]
    return subprocess.Popen(
        # Nothing but the standard library is needed before the command is there.
        [sys.executable, "-I", "-S", *tie, sys.executable, "-m", module, *arguments],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        # Ctrl-C is this process's, which ends the others in its own time.
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process of `start` with all of its own, gently where it lets itself; never raises."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + GRACE
    while usage(process.pid).processes and time.monotonic() < deadline:
        time.sleep(LOOK)
