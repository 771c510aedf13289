"""The process that judges: it hears what was answered, asks the other model, counts, and tells the
workers when a canary ends.

One process for all workers of a server, so that their counts come together and one alone writes the
state. It has a low priority, and what it has no time for is dropped: nobody waits for it.
"""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json

from edgetext.core.errors import EdgetextError
from edgetext.serving.live.settings import LiveSettings
from edgetext.serving.notes import note
from edgetext.serving.settings import Settings

if TYPE_CHECKING:
    from edgetext.serving.live.judging import Judging

# Bytes of the largest message, and connections that may wait to be taken.
MESSAGE, BACKLOG = 1 << 18, 256
# Seconds between figures, and between writes of the state.
FIGURES, SAVE = 0.5, 2.0


def judge(settings: Settings, live: LiveSettings, started: Connection) -> None:
    """Judge until SIGTERM, or until the process that started this one is gone. `started` is sent
    "" when workers may connect, or a sentence where nothing can be judged."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Here, because it imports scipy, which no other process needs.
    from edgetext.serving.live.judging import Judging

    try:
        judging = Judging(settings, live)
        listening = _listening(live.socket)
    except EdgetextError as error:
        started.send(str(error))
        return
    # Only now: loading would take for ever on a machine that has much else to do.
    _give_way(live.nice)
    process = _Process(judging, listening, live)
    signal.signal(signal.SIGTERM, process.end)
    started.send("")
    process.run()
    if process.orphaned:
        # Who would have done so was killed.
        shutil.rmtree(live.run, ignore_errors=True)


def _give_way(nice: int) -> None:
    """Let all others run first.

    Where Linux groups processes by session (sched(7), autogroup), a niceness counts within a group
    alone, and what this process takes would be taken from its server's share: so it has a session,
    and with it a group, of its own, whose niceness is the file's.
    """
    os.nice(nice)
    # Neither is there on each system, nor allowed to each process.
    with suppress(OSError):
        os.setsid()
        Path("/proc/self/autogroup").write_text(str(nice))


def _listening(path: str) -> socket.socket:
    with suppress(FileNotFoundError):
        os.unlink(path)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listening.bind(path)
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening


class _Process:
    """The loop around a Judging: who is connected, and when something is written."""

    def __init__(self, judging: Judging, listening: socket.socket, live: LiveSettings) -> None:
        self.judging = judging
        self.live = live
        self.ending = self.orphaned = False
        self.workers: set[socket.socket] = set()
        self.selector = selectors.DefaultSelector()
        self.selector.register(listening, selectors.EVENT_READ, self._accept)
        if parent := parent_process():
            self.selector.register(parent.sentinel, selectors.EVENT_READ, self._orphaned)
        self._figures_due = self._save_due = 0.0
        self._unsaved = False

    def end(self, number: int, frame: FrameType | None) -> None:
        """End when what has come is read."""
        self.ending = True

    def run(self) -> None:
        """Judge what comes."""
        while not self.ending:
            idle = 0.0 if self.judging.pending else FIGURES / 2
            for key, _ in self.selector.select(idle):
                key.data(key.fileobj)
            self.judging.judge_one(time.time())
            self._write(time.time())
        for worker in list(self.workers):
            self._receive(worker)
        self.judging.save(time.time())
        self.judging.close()

    def _accept(self, listening: socket.socket) -> None:
        worker, _ = listening.accept()
        worker.setblocking(False)
        self.workers.add(worker)
        self.selector.register(worker, selectors.EVENT_READ, self._receive)
        self._send(worker, {"open": self.judging.open_canaries()})

    def _orphaned(self, sentinel: int) -> None:
        self.ending = self.orphaned = True

    def _receive(self, worker: socket.socket) -> None:
        """Read all that a worker has sent."""
        while True:
            try:
                message = worker.recv(MESSAGE)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self.selector.unregister(worker)
                self.workers.discard(worker)
                worker.close()
                return
            for reply in self.judging.take(from_json(message), time.time()):
                self._send(worker, reply)

    def _send(self, worker: socket.socket, message: Mapping[str, Any]) -> None:
        # A worker that reads nothing more is one that ends.
        with suppress(OSError):
            worker.send(to_json(message))

    def _write(self, now: float) -> None:
        """Say what is known, guard the canaries and store the state, each in its time."""
        if now >= self._figures_due:
            self._figures_due = now + FIGURES
            for name, why in self.judging.guard(now):
                note(f"edgetext: the canary of {name} ends, and {name} answers alone again: {why}")
                self._save_due = now
                for worker in self.workers:
                    self._send(worker, {"open": self.judging.open_canaries()})
            if self.judging.has_news(now):
                self._unsaved = True
                self._write_figures(now)
        if now >= self._save_due:
            self._save_due = now + SAVE
            if self._unsaved:
                self._unsaved = False
                self.judging.save(now)

    def _write_figures(self, now: float) -> None:
        # A disk that is full keeps the last figures. They need not outlive the machine, so that
        # nothing waits for the disk.
        new = self.live.figures.with_suffix(".new")
        with suppress(OSError):
            new.write_bytes(to_json(self.judging.figures(now)))
            new.replace(self.live.figures)
