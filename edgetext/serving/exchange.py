"""A request and its response, as the server's own endpoints see them; below them is ASGI alone.

A router and the classes of a framework take longer than a small model does: all paths are known
when the server starts, so that finding one is a look into a dictionary.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pydantic_core import ValidationError

from edgetext.core.json_bytes import to_json
from edgetext.serving.request_ids import HEADER, request_id

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

JSON = b"application/json"
BINARY = b"application/octet-stream"


class RefusalError(Exception):
    """A request that is not answered: its HTTP status, and a sentence that says why."""

    def __init__(self, status: int, sentence: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers


class DisconnectedError(Exception):
    """The client went away before its request was there."""


@dataclass(slots=True)
class Response:
    """What goes back. error: what the log says of it, "" where nothing went wrong."""

    body: bytes
    status: int = 200
    kind: bytes = JSON
    headers: Headers = ()
    error: str = ""

    async def send(self, send: Send) -> None:
        """Write it to an ASGI server."""
        headers = [
            (b"content-type", self.kind),
            (b"content-length", b"%d" % len(self.body)),
            *self.headers,
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


@dataclass(slots=True)
class Request:
    """A request whose body is read.

    headers: by names in lower case. arrival: of time.perf_counter. model, texts, size, asked: what
    an endpoint notes for metrics and logs: the model's name, how many texts and bytes of text it
    was asked, and these texts. version: the model's, where somebody chose among several.
    answer_headers: what goes with the answer.
    """

    method: str
    path: str
    headers: dict[bytes, bytes]
    arrival: float
    body: bytes = b""
    model: str = ""
    texts: int = 0
    size: int = 0
    asked: list[tuple[bytes, ...]] = field(default_factory=list)
    version: str = ""
    answer_headers: Headers = ()
    _id: str = ""

    @property
    def id(self) -> str:
        """Give the client's own id, or one that is made when it is first asked for."""
        if not self._id:
            self._id = request_id(self.headers.get(HEADER))
        return self._id

    def about(self) -> Headers:
        """Give the headers of the answer that say what was asked and who answered; none of what is
        not about a model."""
        return ((HEADER, self.id.encode()), *self.answer_headers) if self.model else ()

    def note(self, model: str, texts: list[tuple[bytes, ...]]) -> None:
        """Note which model is asked what."""
        self.model, self.asked, self.texts = model, texts, len(texts)
        self.size = sum(len(part) for text in texts for part in text)


Endpoint = Callable[[Request], Awaitable[Response]]


def request_of(scope: Message) -> Request:
    """Give the request of an ASGI scope, its body not read yet."""
    return Request(scope["method"], scope["path"], dict(scope["headers"]), time.perf_counter())


def json_response(value: object, status: int = 200, headers: Headers = ()) -> Response:
    """Write a value as JSON in UTF-8."""
    return Response(to_json(value), int(status), headers=headers)


def refused(refusal: RefusalError) -> Response:
    """Give the response to a request that is refused."""
    response = json_response({"error": refusal.sentence}, refusal.status, refusal.headers)
    response.error = refusal.sentence
    return response


def invalid(error: ValidationError) -> RefusalError:
    """Give the refusal of a body that is no JSON, or whose fields are not those of its model: the
    first field that is wrong, and why."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        sentence = f"the request is not JSON in UTF-8 ({first['msg'].partition(': ')[2]})"
        return RefusalError(HTTPStatus.BAD_REQUEST, sentence)
    place = ".".join(map(str, first["loc"][:2])) or "the request"
    sentence = f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}; see /openapi.json"
    return RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, sentence)


async def read_body(request: Request, receive: Receive, most: int, deadline: float) -> bytes:
    """Read the body of a request; RefusalError of one with more bytes than `most`, or one that is
    not there within so many seconds (0 for ever)."""
    declared = request.headers.get(b"content-length", b"0")
    if not declared.isdigit():
        raise RefusalError(
            HTTPStatus.BAD_REQUEST, "the header Content-Length is no number of bytes"
        )
    if int(declared) > most:
        raise too_large(most)
    try:
        # From the first part on: a client may send a head and then nothing.
        async with asyncio.timeout(deadline or None):
            return await _parts(receive, most)
    except TimeoutError as error:
        raise RefusalError(
            HTTPStatus.GATEWAY_TIMEOUT,
            f"the body of the request was not there within {deadline:g} seconds",
        ) from error


async def _parts(receive: Receive, most: int) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise DisconnectedError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise too_large(most)
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def too_large(most: int) -> RefusalError:
    """Give the refusal of a body of more bytes than `most`."""
    return RefusalError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"the request has a body of more than {most:,} bytes; send less, or start the server with "
        "a larger --max-body",
    )
