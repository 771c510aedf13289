"""Answers of which feedback may still come, by the id of their request."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json, to_json

# Of each text: what the serving model and the candidate answered (rows of `Task.to_row`), None
# where one was not asked, and the feedback, None where there is none.
Entry = list[dict[str, Any] | None]


class Remembered:
    """The newest answers; the last one where several have the same id.

    most: how many. hours: after which one is forgotten. changed: ids that are not stored yet.
    """

    def __init__(self, most: int, hours: float) -> None:
        self.most = most
        self.seconds = hours * 3600
        self.changed: set[str] = set()
        # Bytes, because lists and dictionaries would take several times the memory.
        self._records: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._records)

    def put(self, request_id: str, time: float, record: dict[str, Any]) -> None:
        """Remember the answers to a request, {"model", "arm", "texts": [Entry, ...]}."""
        self._records[request_id] = (time, to_json(record))
        self._records.move_to_end(request_id)
        self.changed.add(request_id)
        while len(self._records) > self.most:
            self._records.popitem(last=False)

    def get(self, request_id: str, now: float) -> dict[str, Any] | None:
        """Give a record; None where there is none any more."""
        time, content = self._records.get(request_id, (0.0, b""))
        if not content or time < now - self.seconds:
            return None
        record: dict[str, Any] = from_json(content)
        return record

    def update(self, request_id: str, record: dict[str, Any]) -> None:
        """Put a record in the place of the one that is there, as old as that."""
        if request_id in self._records:
            self._records[request_id] = (self._records[request_id][0], to_json(record))
            self.changed.add(request_id)

    def forget(self, now: float) -> None:
        """Drop what is too old."""
        while self._records:
            request_id, (time, _) = next(iter(self._records.items()))
            if time >= now - self.seconds:
                break
            del self._records[request_id]

    def unstored(self) -> Iterator[tuple[str, float, bytes]]:
        """Yield id, time and content of what changed and is still there."""
        for request_id in self.changed:
            if request_id in self._records:
                yield request_id, *self._records[request_id]

    def restore(self, request_id: str, time: float, content: bytes) -> None:
        """Take what was stored; the oldest must come first."""
        self._records[request_id] = (time, content)
