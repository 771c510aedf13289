"""The orchestrator's side of a measuring process."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from edgetext.tasks.prediction import Prediction
from edgetext.timing.contenders import Entry
from edgetext.timing.texts import Question

START_LIMIT = 180.0  # seconds; torch.compile takes most of a minute
REPLY_LIMIT = 300.0


class WorkerError(Exception):
    """A measuring process ended, hung or reported a fault; the message says which."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A Python that runs elsewhere: its command, and what its environment adds."""

    python: Sequence[str]
    environment: Mapping[str, str]


class Worker:
    """A contender in its own process, on `cores` alone.

    start: what starting cost: spawn_ms (from the spawn to the first answer), import_ms, load_ms,
    first_ms, peak_bytes (of the process), model_bytes (what loading and answering added) and
    batching. WorkerError when it does not come up.
    """

    def __init__(
        self,
        entry: Entry,
        threads: int,
        cores: Sequence[int],
        text: Question,
        limit: float = START_LIMIT,
        emulator: Emulator | None = None,
    ) -> None:
        self.entry = entry
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        environment = {
            **os.environ,
            "OMP_NUM_THREADS": str(threads),
            "MKL_NUM_THREADS": str(threads),
            "TOKENIZERS_PARALLELISM": "false",
        }
        python: Sequence[str] = [sys.executable]
        if emulator is not None:
            python = emulator.python
            environment |= emulator.environment
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [*python, "-m", "edgetext.timing.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env=environment,
            # Ctrl-C is the orchestrator's: it ends the processes in its own time.
            start_new_session=True,
        )
        try:
            self.start = self._ask(
                limit, entry=asdict(entry), threads=threads, cores=list(cores), text=text
            )
        except BaseException:
            self.close()
            raise
        self.start["spawn_ms"] = 1e3 * (time.perf_counter() - begun)

    def answers(self, texts: Sequence[Question]) -> list[Prediction]:
        """The answer to each."""
        packed = self._ask(REPLY_LIMIT, answers=list(texts))["answers"]
        # Our own process wrote it.
        found: list[Prediction] = pickle.loads(base64.b64decode(packed))
        return found

    def set_calls(self, calls: Sequence[Sequence[Question]]) -> None:
        """What `time` goes through, in turn."""
        self._ask(REPLY_LIMIT, texts=[list(call) for call in calls])

    def set_network(self, texts: Sequence[Question], decoded: bool) -> None:
        """As `set_calls`, of the network alone, on the pieces of the texts; see `network_alone`."""
        self._ask(REPLY_LIMIT, network=list(texts), decoded=decoded)

    def time(self, count: int) -> np.ndarray:
        """Microseconds of the next `count` calls, float64[count]."""
        return np.asarray(self._ask(REPLY_LIMIT, time=count)["ns"], float) / 1e3

    def operators(self, text: Question) -> tuple[list[list[Any]], str]:
        """[[operator, calls, microseconds], ...] of one answer, the dearest first, and a note."""
        reply = self._ask(REPLY_LIMIT, operators=text)
        return reply["operators"], reply["note"]

    def work(self, texts: Sequence[Question]) -> dict[str, Any]:
        """What an answer takes in the mean over the texts; see work.work."""
        found: dict[str, Any] = self._ask(REPLY_LIMIT, work=list(texts))["work"]
        return found

    def run_marked(self, texts: Sequence[Question]) -> None:
        """Answer each between two marks that an emulator sees; see counting."""
        self._ask(REPLY_LIMIT, marked=list(texts))

    def finish(self, limit: float = REPLY_LIMIT) -> None:
        """Let the process end by itself, as what counts at its end needs; then close."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(limit)
        self.close()

    def close(self) -> None:
        """End the process; never raises."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.errors.close()

    def _ask(self, limit: float, **request: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except OSError as error:
            raise WorkerError(self._fault()) from error
        line = self._line(limit)
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _line(self, limit: float) -> bytes:
        assert self.process.stdout is not None
        deadline = time.monotonic() + limit
        line = b""
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise WorkerError(f"no answer within {limit:.0f} s")
            chunk = os.read(self.process.stdout.fileno(), 1 << 20)
            if not chunk:
                raise WorkerError(self._fault())
            line += chunk
        return line

    def _fault(self) -> str:
        """How the process ended, with the last line that it wrote."""
        status = self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().decode("utf-8", "replace").strip().splitlines()
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        last = next((x.strip() for x in reversed(lines) if x.strip()), "")
        return f"the process ended with {how}" + (f": {last[:300]}" if last else "")
