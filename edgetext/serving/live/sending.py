"""What a worker tells the process that judges: a bounded queue, and a socket that never blocks.

What has no room is dropped and counted. A socket of packets (SOCK_SEQPACKET) takes a message whole
or not at all, so that the system's own buffer is the second part of the queue.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json, to_json

from edgetext.serving.live.durations import bucket
from edgetext.serving.served import Served
from edgetext.serving.waiting import Text
from edgetext.tasks.prediction import Prediction

# Answers that may wait in a worker, and bytes of their texts; how many of them a turn of the event
# loop writes down, at some microseconds each; bytes of a message, which the system's buffer holds.
WAITING, BYTES, AT_ONCE, MESSAGE = 2048, 1 << 25, 32, 1 << 17
# Seconds after which answers are sent, after which a full or lost connection is tried again, and
# that a process which has just started waits for its first message.
FLUSH, AGAIN, HELLO = 0.05, 0.5, 10.0
QUESTIONS = 2  # of feedback in a message


@dataclass(slots=True)
class Answered:
    """What a request was answered. arm: by which model; sampled: whether the other one is to be
    asked. size: bytes of the texts."""

    served: Served
    request_id: str
    arm: str
    when: float
    sampled: bool
    texts: Sequence[Text]
    results: Sequence[Any]
    size: int = 0

    def message(self) -> bytes:
        """Write it as `Judging.take` reads it."""
        predictor, texts = self.served.predictor, self.texts
        task, names = predictor.task, predictor.metadata.labels
        rows = [
            task.to_row(x if isinstance(x, Prediction) else predictor.decode(x, text[-1]), names)
            for x, text in zip(self.results, texts, strict=True)
        ]
        # Latin-1 keeps bytes that are no UTF-8.
        asked = [[part.decode("latin-1") for part in text] for text in texts]
        return to_json(
            [
                *("answer", self.served.name, self.request_id, self.arm, self.when, rows),
                asked if self.sampled else None,
            ]
        )


@dataclass(slots=True)
class Times:
    """Requests that were answered by one model, of which so many failed, and how long they took."""

    requests: int = 0
    failed: int = 0
    histogram: Counter[int] = field(default_factory=Counter)

    def add(self, seconds: float, failed: bool) -> None:
        """Count a request."""
        self.requests += 1
        self.failed += failed
        self.histogram[bucket(seconds)] += 1


class Sender:
    """The worker's end of the socket. opened: is told which canaries go on, each time that
    changes, and that none does while nobody judges."""

    def __init__(self, path: str, opened: Callable[[Sequence[str]], None]) -> None:
        self._path = path
        self._opened = opened
        self._socket: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._answers: deque[Answered] = deque()
        self._size = 0
        self._packed: bytes = b""
        self._scheduled = False
        self._questions: list[bytes] = []
        self._replies: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = itertools.count()
        self._times: dict[tuple[str, str], Times] = {}
        # Dropped and skipped, by model.
        self._lost: dict[str, list[int]] = {}

    def connect(self) -> None:
        """Connect, before there is an event loop, and hear which canaries go on."""
        self._open_socket()
        if self._socket is not None:
            self._socket.settimeout(HELLO)
            with suppress(OSError):
                self._hear(self._socket.recv(MESSAGE))
            self._socket.setblocking(False)

    def attach(self) -> None:
        """Hear the other end on the event loop that runs; called with each request."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop = loop
            self._scheduled = False
            if self._socket is not None:
                # What came while there was no loop counts for this request.
                self._readable()
            if self._socket is not None:
                loop.add_reader(self._socket, self._readable)
            self._schedule(FLUSH)

    def put(self, answered: Answered) -> None:
        """Send an answer when there is time; drop it where too many wait."""
        self.attach()
        if len(self._answers) >= WAITING or self._size > BYTES:
            self.lose(answered.served.name, len(answered.texts))
            return
        self._answers.append(answered)
        self._size += answered.size
        if not self._scheduled:
            self._schedule(FLUSH)

    def time(self, name: str, arm: str, seconds: float, failed: bool) -> None:
        """Count a request that a model has answered."""
        self._times.setdefault((name, arm), Times()).add(seconds, failed)
        self._soon()

    def lose(self, name: str, dropped: int = 0, skipped: int = 0) -> None:
        """Count texts that are not judged."""
        counts = self._lost.setdefault(name, [0, 0])
        counts[0] += dropped
        counts[1] += skipped
        self._soon()

    async def ask(self, feedback: dict[str, Any], seconds: float) -> dict[str, Any]:
        """Send feedback and give the reply; TimeoutError where none comes in time."""
        self.attach()
        number = next(self._numbers)
        future = asyncio.get_running_loop().create_future()
        self._replies[number] = future
        self._questions.append(to_json(["feedback", number, feedback]))
        if not self._scheduled:
            self._schedule(0)
        try:
            async with asyncio.timeout(seconds):
                reply: dict[str, Any] = await future
                return reply
        finally:
            del self._replies[number]

    def _soon(self) -> None:
        """Send what is counted even where no answer takes it along, as of a canary whose requests
        all fail, or while a version serves that is not judged."""
        if not self._scheduled:
            self._schedule(FLUSH)

    def _schedule(self, seconds: float) -> None:
        if self._loop is not None:
            self._scheduled = True
            self._loop.call_later(seconds, self._flush)

    def _flush(self) -> None:
        """Send what waits, some of it a turn."""
        self._scheduled = False
        if self._socket is None:
            self._open_socket()
            if self._socket is None:
                self._schedule(AGAIN)
                return
            assert self._loop is not None
            self._loop.add_reader(self._socket, self._readable)
        if not self._packed:
            self._packed = self._message()
        if not self._packed:
            return
        try:
            self._socket.send(self._packed)
        except BlockingIOError:
            self._schedule(FLUSH)
            return
        except OSError:
            self._closed()
            self._schedule(AGAIN)
            return
        self._packed = b""
        if self._answers or self._questions:
            self._schedule(0)

    def _message(self) -> bytes:
        """Write the next message: some answers, and behind them what was counted and asked; b""
        where there is nothing."""
        parts: list[bytes] = []
        size = 0
        while self._answers and len(parts) < AT_ONCE and size < MESSAGE // 2:
            answered = self._answers.popleft()
            self._size -= answered.size
            part = answered.message() if answered.size < MESSAGE // 2 else b""
            if not 0 < len(part) <= MESSAGE // 2:
                self.lose(answered.served.name, len(answered.texts))
                continue
            parts.append(part)
            size += len(part)
        for (name, arm), times in self._times.items():
            histogram = list(times.histogram.items())
            parts.append(to_json(["times", name, arm, times.requests, times.failed, histogram]))
        self._times.clear()
        parts += [to_json(["lost", name, *counts]) for name, counts in self._lost.items()]
        self._lost.clear()
        # Behind the answers that they may be about.
        if not self._answers:
            parts += self._questions[:QUESTIONS]
            del self._questions[:QUESTIONS]
        return b"[" + b",".join(parts) + b"]" if parts else b""

    def _open_socket(self) -> None:
        opened = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        opened.setblocking(False)
        try:
            opened.connect(self._path)
        except OSError:
            opened.close()
            return
        self._socket = opened

    def _readable(self) -> None:
        while self._socket is not None:
            try:
                message = self._socket.recv(MESSAGE)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            if not message:
                self._closed()
                self._schedule(AGAIN)
                return
            self._hear(message)

    def _hear(self, message: bytes) -> None:
        if not message:
            return
        fields = from_json(message)
        if "open" in fields:
            self._opened(fields["open"])
        future = self._replies.get(fields.get("reply", -1))
        if future is not None and not future.done():
            future.set_result(fields)

    def _closed(self) -> None:
        """Nobody judges: no canary goes on without its guards."""
        if self._socket is not None:
            if self._loop is not None:
                self._loop.remove_reader(self._socket)
            self._socket.close()
            self._socket = None
        self._opened(())
