"""Who sends requests: in an open loop when they are due, in a closed one after each answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

import numpy as np

from edgetext.loadtest.alarm import Alarm
from edgetext.loadtest.connections import Pool
from edgetext.loadtest.result import Result

# Seconds before the first request, and between looks at those that take too long.
LEAD, LOOK = 0.05, 0.25


class OpenLoop:
    """Sends each request when it is due, whatever is outstanding.

    times: float64[n], when, in seconds from the begin; which: int64[n], which of `bodies`. timeout:
    seconds after which a request is given up. A response counts from when its request was due, so
    that a stall is seen by all who would have asked meanwhile (coordinated omission: G. Tene, How
    NOT to Measure Latency, 2013).
    """

    def __init__(
        self, bodies: Sequence[bytes], times: np.ndarray, which: np.ndarray, timeout: float
    ) -> None:
        count = len(times)
        self._bodies, self._times, self._timeout = bodies, times, timeout
        # Numbers of Python's own take less time each than those of an array.
        self._due, self._which = times.tolist(), which.tolist()
        self._late, self._latency = np.full(count, np.nan), np.full(count, np.nan)
        self._status = np.zeros(count, np.int64)
        self._failures: Counter[str] = Counter()
        self._sent = self._ended = 0
        self._begin = 0.0
        self._over = asyncio.Event()

    async def run(self, url: str, seconds: float, connections: int, most: int) -> Result:
        """Send all to a server and wait for the last response.

        seconds: how long the load lasts. connections: how many are opened before; most: how many
        there may be.
        """
        parts = urlsplit(url)
        self._pool = Pool(parts.hostname or "", parts.port or 80, most, self._end)
        await self._pool.open(min(connections, most))
        self._alarm = Alarm(asyncio.get_running_loop(), self._ring)
        self._begin = time.monotonic() + LEAD
        self._alarm.at(self._begin + self._due[0])
        await _until(self._over, self._pool, self._timeout)
        self._alarm.close()
        failures = dict(self._failures)
        return Result(self._times, self._late, self._latency, self._status, seconds, failures)

    def _ring(self) -> None:
        """Send what is due, and set the alarm to what comes next."""
        while self._sent < len(self._due):
            number = self._sent
            moment = self._begin + self._due[number]
            past = time.monotonic() - moment
            if past < 0:
                self._alarm.at(moment)
                return
            self._late[number] = past
            self._sent += 1
            self._pool.send(number, moment, self._bodies[self._which[number]])

    def _end(self, number: int, status: int, reason: str) -> None:
        self._ended += 1
        if status:
            self._latency[number] = time.monotonic() - self._begin - self._due[number]
            self._status[number] = status
        else:
            self._failures[reason] += 1
        if self._ended == len(self._due):
            self._over.set()


async def closed_loop(
    url: str, bodies: Sequence[bytes], *, seconds: float, timeout: float, connections: int
) -> Result:
    """Keep as many requests under way as there are connections, for so many seconds: what a server
    answers at most, or, with one connection, how long an answer takes where nobody waits.

    `due` is when a request went out.
    """
    due: list[float] = []
    latency: list[float] = []
    status: list[int] = []
    failures: Counter[str] = Counter()
    over = asyncio.Event()
    ended = 0

    def ask() -> None:
        number, moment = len(due), time.monotonic()
        due.append(moment - begin)
        latency.append(np.nan)
        status.append(0)
        pool.send(number, moment, bodies[number % len(bodies)])

    def end(number: int, code: int, reason: str) -> None:
        nonlocal ended
        ended += 1
        now = time.monotonic() - begin
        if code:
            latency[number], status[number] = now - due[number], code
        else:
            failures[reason] += 1
        if now < seconds:
            # Later, since the connection is not free yet while this one ends.
            loop.call_soon(ask)
        elif ended == len(due):
            over.set()

    loop = asyncio.get_running_loop()
    parts = urlsplit(url)
    pool = Pool(parts.hostname or "", parts.port or 80, 2 * connections, end)
    await pool.open(connections)
    begin = time.monotonic()
    for _ in range(connections):
        ask()
    await _until(over, pool, timeout)
    return Result(
        np.asarray(due),
        np.zeros(len(due)),
        np.asarray(latency),
        np.asarray(status, np.int64),
        seconds,
        dict(failures),
    )


async def _until(over: asyncio.Event, pool: Pool, timeout: float) -> None:
    """Wait for the last response, give up what takes too long, and close the connections."""
    while not over.is_set():
        try:
            await asyncio.wait_for(over.wait(), LOOK)
        except TimeoutError:
            pool.give_up_before(time.monotonic() - timeout)
    pool.close()
