"""A request on its way: its head is there, its body comes."""

from __future__ import annotations

import asyncio

from edgetext.serving.exchange import RefusalError, Request
from edgetext.serving.shedding import Door


class Incoming:
    """A request whose body is still to come, or is there as a whole.

    refusal: what it met instead of being read. door: where it goes in, None where it asks no model.
    arrived: set where there is more of the body than was read, or the end of it.
    """

    __slots__ = (
        "arrived",
        "complete",
        "door",
        "expects",
        "gone",
        "keeps_alive",
        "parts",
        "refusal",
        "request",
        "unread",
    )

    def __init__(self, request: Request, refusal: RefusalError | None = None) -> None:
        self.request = request
        self.refusal = refusal
        self.door: Door | None = None
        self.parts: list[bytes] = []
        self.unread = 0
        self.complete = self.gone = self.expects = False
        self.keeps_alive = refusal is None
        self.arrived: asyncio.Event | None = None

    def add(self, part: bytes) -> None:
        """Take a part of the body; what nobody reads any more is dropped."""
        if not self.gone:
            self.parts.append(part)
            self.unread += len(part)
            self.wake()

    def take(self) -> bytes:
        """Give what has come of the body since the last time."""
        parts, self.parts, self.unread = self.parts, [], 0
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def leave(self) -> None:
        """Drop what has come of the body, and what will."""
        self.gone = True
        self.parts, self.unread = [], 0

    def wake(self) -> None:
        """Tell who waits for more of the body."""
        if self.arrived is not None:
            self.arrived.set()
