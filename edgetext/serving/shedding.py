"""Requests that are refused before they are read, while the models that they ask are full.

What the server can answer is left to those whom it answers only where a refusal costs next to
nothing: offered four times of it, it refuses three requests for one that it answers. So a request
that is there in one piece is not parsed, the response is kept as bytes, and counts and the line of
the log are written for many together.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from edgetext.serving.deployments import Deployment
from edgetext.serving.exchange import refused
from edgetext.serving.response_bytes import response_bytes
from edgetext.serving.served import Served
from edgetext.serving.waiting import Waiting

# Seconds that refusals wait to be counted together.
TOGETHER = 0.1
# Bytes of a head that is looked at without the parser; longer ones are seldom.
MOST_HEAD = 2048
HEAD = re.compile(
    rb"POST [!-~]+ HTTP/1\.1\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*\r\n)+", re.ASCII
)
# Headers that say where a request ends, and what becomes of its connection.
SPECIAL = re.compile(
    rb"\n(content-length|transfer-encoding|connection|expect|upgrade):[ \t]*([^\r]*)", re.IGNORECASE
)
LENGTH = re.compile(rb"[0-9]{1,6}[ \t]*")
# Less than there are bytes of a head, so that with these it is no number of bytes.
NO_LENGTH = -2 * MOST_HEAD
POST, PREDICT = b"POST ", "/v1/predict"

ServerHeaders = Sequence[tuple[bytes, bytes]]


class Door:
    """Where the requests for an address go in. model: whose they are counted, "" where each says
    itself which model it asks. asked: the version of an address that has one."""

    def __init__(self, deployments: Sequence[Deployment], asked: Served | None = None) -> None:
        self.model = deployments[0].name if len(deployments) == 1 else ""
        self._deployments = deployments
        self._only = deployments[0] if len(deployments) == 1 else None
        self._asked = asked

    def enter(self) -> Waiting | None:
        """Keep a place for one more, where it is known whose, and give None; or give who is full,
        where all are whom a request may ask."""
        only = self._only
        if only is None or only.split is not None:
            return self.shut()
        waiting = (self._asked or only.serving).waiting
        if waiting.full():
            return waiting
        waiting.let_in()
        return None

    def is_idle(self) -> bool:
        """Tell whether a request that goes in now is answered where it is read, by whom it asks."""
        only = self._only
        return (
            only is not None
            and only.split is None
            and (self._asked or only.serving).waiting.is_idle()
        )

    def shut(self) -> Waiting | None:
        """Give who is full, where all are whom a request may ask; None where one has room."""
        each = self._waiting()
        for waiting in each:
            if not waiting.full():
                return None
        return each[0]

    def _waiting(self) -> Sequence[Waiting]:
        if self._asked is not None:
            return (self._asked.waiting,)
        if self._only is not None and self._only.split is None:
            return (self._only.serving.waiting,)
        return [
            served.waiting
            for deployment in self._deployments
            for served in (
                (deployment.serving,) if deployment.split is None else deployment.versions.values()
            )
        ]


def doors(deployments: Mapping[str, Deployment]) -> dict[bytes, Door]:
    """Give the addresses at which models are asked, as they stand in a request's first line."""
    by_path = {PREDICT: Door(list(deployments.values()))}
    for deployment in deployments.values():
        for base, model in deployment.addresses().items():
            asked = None if base == deployment.address else model
            by_path[f"{base}/infer"] = Door([deployment], asked)
    return {path.encode(): door for path, door in by_path.items()}


class Shedding:
    """What is refused. noted: called with a model and how many of its requests were refused since
    it was called last. doors: by address. counts: of what was refused since, by model; empty where
    nothing was for TOGETHER, so that nobody need look at bytes before they are parsed."""

    def __init__(self, noted: Callable[[str, int], None]) -> None:
        self.doors: Mapping[bytes, Door] = {}
        self._noted = noted
        self.counts: Counter[str] = Counter()
        self._kept: dict[tuple[str, bool], bytes] = {}
        self._server_headers: ServerHeaders | None = None

    def who_refuses(self, data: bytes) -> tuple[Door, Waiting] | None:
        """Give where bytes would go in, and who is full there, of bytes that are one whole request;
        None of all others."""
        if not data.startswith(POST):
            return None
        door = self.doors.get(data[len(POST) : data.find(b" ", len(POST))])
        full = None if door is None else door.shut()
        if door is None or full is None or not is_whole(data):
            return None
        return door, full

    def refuse(
        self, door: Door, full: Waiting, server_headers: ServerHeaders, *, stays: bool
    ) -> bytes:
        """Count a refusal, and give its response. server_headers: those of each response, a list
        that is another one when they change."""
        if not self.counts:
            asyncio.get_running_loop().call_later(TOGETHER, self.flush)
        self.counts[door.model] += 1
        if server_headers is not self._server_headers:
            self._server_headers, self._kept = server_headers, {}
        key = full.name, stays
        if key not in self._kept:
            response = refused(full.refusal())
            self._kept[key] = response_bytes(response, server_headers, with_body=True, stays=stays)
        return self._kept[key]

    def flush(self) -> None:
        """Tell what was refused."""
        counts, self.counts = self.counts, Counter()
        for model, count in counts.items():
            self._noted(model, count)


def is_whole(data: bytes) -> bool:
    """Tell whether bytes are one whole request with a Content-Length, after which its connection
    stays; False where that is not seen at once."""
    end = data.find(b"\r\n\r\n", 0, MOST_HEAD) + len(b"\r\n")
    return end + len(b"\r\n") + _length(data[:end]) == len(data)


@lru_cache(256)
def _length(head: bytes) -> int:
    """Give the bytes of the body, NO_LENGTH where that is not plain to see. A client sends the same
    head again and again."""
    if HEAD.fullmatch(head):
        special = SPECIAL.findall(head)
        if len(special) == 1 and special[0][0].lower() == b"content-length":
            value = special[0][1]
            if LENGTH.fullmatch(value):
                return int(value)
    return NO_LENGTH
