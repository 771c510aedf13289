"""Connections to a server that are kept open, each with at most one request under way."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import httptools

# Seconds after which an idle connection is not used again: uvicorn closes one after 5.
STALE = 4.0
FREE = -1

# What is called when a request ends: its number, its HTTP status (0 for none), why there is none.
Ended = Callable[[int, int, str], None]


class Connection(asyncio.Protocol):
    """number: of the request under way, FREE for none. since: when the last one ended, of
    time.monotonic."""

    def __init__(self, pool: Pool) -> None:
        self.number = FREE
        self.due = 0.0
        self.since = time.monotonic()
        self._pool = pool
        self._parser = httptools.HttpResponseParser(self)
        self._transport: Any = None

    def send(self, number: int, due: float, data: bytes) -> None:
        """Send a request; due: when it was to go out."""
        self.number, self.due = number, due
        self._transport.write(data)

    def give_up(self, reason: str) -> None:
        """End the request that is under way, and the connection."""
        self._finish(0, reason)
        self._transport.abort()

    def close(self) -> None:
        """End an idle connection."""
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._pool.all.add(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.give_up("no HTTP")

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        lasts = self._parser.should_keep_alive()
        self._finish(status, "")
        if lasts:
            self._pool.put(self)
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._pool.all.discard(self)
        self._finish(0, "closed by the server")

    @property
    def usable(self) -> bool:
        """Whether a request can go out on it."""
        return not self._transport.is_closing() and time.monotonic() - self.since < STALE

    def _finish(self, status: int, reason: str) -> None:
        number, self.number = self.number, FREE
        self.since = time.monotonic()
        if number != FREE:
            self._pool.ended(number, status, reason)


class Pool:
    """Connections to one address.

    The one that has been idle for longest is taken first, so that all are used alike: where several
    processes share a port, the kernel gives each some of them. all: those that are open; ended:
    what is called with each request that has ended.
    """

    def __init__(self, host: str, port: int, most: int, ended: Ended) -> None:
        self.all: set[Connection] = set()
        self.ended = ended
        self._address = (host, port)
        self._most = most
        self._opening: set[asyncio.Task[None]] = set()
        self._idle: deque[Connection] = deque()

    async def open(self, count: int) -> None:
        """Open connections before the first request; OSError where none can be."""
        for _ in range(count):
            self.put(await self._opened())

    def put(self, connection: Connection) -> None:
        """Take a connection back."""
        self._idle.append(connection)

    def send(self, number: int, due: float, data: bytes) -> None:
        """Send a request now: on an idle connection, or else on a new one."""
        while self._idle:
            connection = self._idle.popleft()
            if connection.usable:
                connection.send(number, due, data)
                return
            connection.close()
        if len(self.all) + len(self._opening) >= self._most:
            self.ended(number, 0, "too many connections")
            return
        task = asyncio.get_running_loop().create_task(self._send_anew(number, due, data))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def give_up_before(self, due: float) -> None:
        """End the requests that were due before then, of time.monotonic."""
        for connection in list(self.all):
            if connection.number != FREE and connection.due < due:
                connection.give_up("timed out")

    def close(self) -> None:
        """End all connections."""
        for task in self._opening:
            task.cancel()
        for connection in list(self.all):
            connection.close()

    async def _send_anew(self, number: int, due: float, data: bytes) -> None:
        try:
            connection = await self._opened()
        except OSError:
            self.ended(number, 0, "no connection")
            return
        connection.send(number, due, data)

    async def _opened(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: Connection(self), *self._address)
        return connection
