"""Stages: words that point at a version, each with its history.

A stage is a journal of events, each under a key of its own, and never a file that is written twice.
A key is NUMBER-ID: one more than the greatest number that the writer saw, and random hexadecimal
digits. Events are ordered by (number, id), which is Lamport's clock with a tie break (Lamport 1978,
"Time, Clocks, and the Ordering of Events in a Distributed System"). The last one says what the
stage points at. Why two publishers at once cannot lose one another, on a folder and on an object
store:

- Keys differ, so no write goes over another, and each write is atomic (see store): a publisher that
  is killed has written its event or has not.
- Who begins after another has ended sees its event, since lists are consistent with earlier writes,
  and takes a greater number: what comes later is later in the order, whatever the clocks of the
  machines say.
- Events that were written at once may have one number. Both stay in the history, every reader puts
  them in the same order, and the outcome is what it would be had the one come after the other. An
  event names the version that it leads to, a rollback too, so that a stage never ends at a version
  that nobody chose.

No lock is held, so none is left behind by a process that is killed.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from edgetext.core.errors import EdgetextError
from edgetext.publishing.manifest import now
from edgetext.publishing.reference import VERSION

Action = Literal["stage", "rollback"]


@dataclass(frozen=True, slots=True)
class Event:
    """A change of a stage. version: what it points at from then on; before: what it pointed at,
    "" for nothing; created: when, in UTC (ISO 8601)."""

    action: Action
    version: str
    before: str
    created: str

    def to_json(self) -> str:
        """Write the JSON that `read_event` reads."""
        return json.dumps(asdict(self))


# Events by their keys, in their order.
Journal = Mapping[str, Event]


def next_key(keys: Iterable[str]) -> str:
    """Give a key for an event after all of these."""
    number = max((int(key.partition("-")[0]) for key in keys), default=0) + 1
    return f"{number:08}-{secrets.token_hex(8)}"


def order(key: str) -> tuple[int, str]:
    """Give what keys are sorted by."""
    number, _, mark = key.partition("-")
    return int(number), mark


def is_key(key: str) -> bool:
    """Tell whether a name is that of an event."""
    number, _, mark = key.partition("-")
    return number.isdecimal() and bool(mark)


def new_event(action: Action, version: str, before: str) -> Event:
    """Make an event of now."""
    return Event(action, version, before, now())


def read_event(content: str | bytes, source: str) -> Event:
    """Read the event `source`; EdgetextError where it is none."""
    try:
        row = json.loads(content)
        event = Event(row["action"], row["version"], row["before"], row["created"])
        if event.action not in ("stage", "rollback") or not VERSION.fullmatch(event.version):
            raise ValueError("its action or version is none")
        return event
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise EdgetextError(
            f"{source}: this record of a stage is damaged ({error}); take the file away"
        ) from error


def versions_in_turn(events: Iterable[Event]) -> list[str]:
    """Give the versions that a stage stood at and would go back to, the one that it is at last.

    A rollback takes away what stood after the version that it leads to.
    """
    stack: list[str] = []
    for event in events:
        if event.action == "rollback" and event.version in stack:
            last = len(stack) - 1 - stack[::-1].index(event.version)
            del stack[last + 1 :]
        elif stack[-1:] != [event.version]:
            stack.append(event.version)
    return stack
