"""Asking a host in a process of its own, which may end at any text."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

# How often a host that ended is started again behind the text at which it did.
RESTARTS = 3
NOT_LOADED = "The model could not be loaded"
LAST_BYTES = 300  # of what a process wrote to stderr


@dataclass(frozen=True, slots=True)
class Reply:
    """What a host said to one text.

    outputs: the model's, by name. row: the answer as in golden examples, from a host that decodes
    by itself. fault: in words where there is neither; "" in a reply that was never asked for, since
    the host had ended too often. ended: whether the process ended at this text, having written
    `said` to stderr last.
    """

    outputs: dict[str, np.ndarray] | None = None
    row: dict[str, Any] | None = None
    fault: str = ""
    ended: bool = False
    said: str = ""

    @property
    def answered(self) -> bool:
        return self.outputs is not None or self.row is not None

    @property
    def asked(self) -> bool:
        return self.answered or bool(self.fault)


def ask(
    command: Sequence[str],
    environment: Mapping[str, str],
    texts: Sequence[Sequence[bytes]],
    patience: float,
) -> list[Reply]:
    """A reply for each question, from a process that reads and writes as the workers here do.

    environment: what it has beside ours. patience: seconds without a line after which the process
    is ended. A process that ends is started again behind its text, RESTARTS times.
    """
    replies: list[Reply] = []
    for _ in range(1 + RESTARTS):
        before = len(replies)
        with _started(command, environment, texts[before:]) as (process, errors):
            replies += [_reply(line) for line in _lines(process, patience)]
            how, said = _ending(process, errors, patience)
        if len(replies) >= len(texts):
            return replies[: len(texts)]
        if len(replies) == before and process.returncode > 0:
            # It refused to begin, and would again.
            return replies + [Reply(fault=f"{NOT_LOADED}: {said or how}")] * (len(texts) - before)
        replies.append(Reply(fault=how, ended=True, said=said))
        if len(replies) == len(texts):
            return replies
    return replies + [Reply()] * (len(texts) - len(replies))


@contextlib.contextmanager
def _started(
    command: Sequence[str], environment: Mapping[str, str], texts: Sequence[Sequence[bytes]]
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The process, which is over when the block is, and what it writes to stderr."""
    rows = [[base64.b64encode(text).decode("ascii") for text in row] for row in texts]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
        given.write(json.dumps(rows).encode("ascii"))
        given.seek(0)
        process = subprocess.Popen(
            command,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
            # Ctrl-C is the command's; and a browser's helpers end with their group.
            start_new_session=True,
        )
        try:
            yield process, errors
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _lines(process: subprocess.Popen[bytes], patience: float) -> Iterator[bytes]:
    """Whole lines until the process ends or says nothing for `patience` seconds."""
    assert process.stdout is not None
    left, deadline = b"", time.monotonic() + patience
    while select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
        chunk = os.read(process.stdout.fileno(), 1 << 20)
        if not chunk:
            return
        *lines, left = (left + chunk).split(b"\n")
        if lines:
            deadline = time.monotonic() + patience
        yield from lines


def _ending(
    process: subprocess.Popen[bytes], errors: IO[bytes], patience: float
) -> tuple[str, str]:
    """How the process ended, in words, and the last line that it wrote to stderr."""
    try:
        status = process.wait(5)
    except subprocess.TimeoutExpired:
        return f"no answer within {patience:.0f} s", ""
    errors.seek(0, os.SEEK_END)
    errors.seek(max(0, errors.tell() - LAST_BYTES))
    lines = errors.read().decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    if status < 0:
        return f"process ended by signal {-status} ({signal.Signals(-status).name})", last
    return f"process ended with exit status {status}", last


def _reply(line: bytes) -> Reply:
    try:
        found = json.loads(line)
        if "error" in found:
            return Reply(fault=str(found["error"]))
        return Reply(outputs={name: _array(value) for name, value in found["outputs"].items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        return Reply(fault=f"no answer but the line {line[:80].decode('utf-8', 'replace')!r}")


def _array(value: Mapping[str, Any]) -> np.ndarray:
    # JSON of a JavaScript host has null for what is no finite number.
    data = [np.nan if number is None else number for number in value["data"]]
    return np.array(data, np.dtype(value["type"])).reshape(value["dims"])
