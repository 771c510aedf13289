"""One connection of HTTP/1.1: bytes in, requests to the application, its responses out.

uvicorn listens, and ends all connections when it is told to; this stands in the place of its own
protocol class (the `http` of uvicorn.Config). That one makes of each request the messages of ASGI,
which the application would have to take apart again, and writes a response in two pieces; how much
that takes is the row "over ASGI" of docs/results/serving.md.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import deque
from http import HTTPStatus
from typing import Any, cast

import httptools
from uvicorn import Config
from uvicorn.server import ServerState

from edgetext.serving.app import Application
from edgetext.serving.eager import begun
from edgetext.serving.exchange import Message, RefusalError, Request, Response, refused
from edgetext.serving.incoming import Incoming
from edgetext.serving.notes import note
from edgetext.serving.parsing import MOST_HEAD, Requests
from edgetext.serving.response_bytes import response_bytes
from edgetext.serving.shedding import Door
from edgetext.serving.waiting import Waiting

# Bytes of a body that may lie here before somebody reads them.
MOST_UNREAD = 1 << 16
# Seconds that a connection may take for a request's head, or be silent between two.
HEAD_SECONDS, SILENT_SECONDS = 30.0, 5.0
# Seconds that a client may leave what is written to it unread.
UNREAD_SECONDS = 30.0
# Seconds that a client may neither read nor send once the server ends.
ENDING_SECONDS = 1.0
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(asyncio.Protocol):
    """See above. Requests that are sent before the one before them is answered wait for it."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._app = cast(Application, config.loaded_app)
        self._shedding = self._app.shedding
        self._loop = _loop or asyncio.get_running_loop()
        self._server = server_state
        self._requests = Requests(self._app.heads, self._headed, self._next, self._loop.time)
        self._waiting: deque[Incoming] = deque()
        # The one that is answered.
        self._current: Incoming | None = None
        self._stays = True
        self._ended = False
        self._write_paused = False
        # Whether a request may be answered where it is read: one of what is read together, so that
        # none keeps the loop for as many as one connection sends at once.
        self._eager = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        # So that uvloop writes a response where it is made, and not at the end of a turn.
        self._transport.set_write_buffer_limits(0)
        self._server.connections.add(self)  # type: ignore[arg-type]
        self._answered = self._loop.time()
        self._timer = self._loop.call_later(SILENT_SECONDS, self._look)
        if self._app.ending:
            # It was taken just before the server stopped to listen, and nobody tells it.
            self.shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who reads a body that no more of it comes."""
        self._server.connections.discard(self)  # type: ignore[arg-type]
        self._timer.cancel()
        self._waiting.clear()
        for incoming in (self._current, self._requests.reading):
            if incoming is not None:
                incoming.gone = True
                incoming.wake()
        self._requests.close()

    def eof_received(self) -> bool:
        """Answer what was asked before the client said that no more comes."""
        self._ended = True
        reading = self._requests.reading
        if reading is not None:
            reading.gone = True
            reading.wake()
        return self._current is not None

    def pause_writing(self) -> None:
        """Begin no other answer while a client does not read."""
        self._write_paused = True

    def resume_writing(self) -> None:
        """Go on."""
        self._write_paused = False
        self._next()
        if self._current is None:
            self._read_on()

    def shutdown(self) -> None:
        """Close, after the answer that is being made; who reads or sends nothing meanwhile is not
        waited for."""
        self._stays = False
        if self._current is None:
            self._transport.close()
        self._timer.cancel()
        self._timer = self._loop.call_later(ENDING_SECONDS, self._end, self._moved())

    def _moved(self) -> tuple[int, int]:
        """Give what changes while the client reads or sends: bytes that wait for it, and bytes that
        came."""
        return self._transport.get_write_buffer_size(), self._requests.head

    def _end(self, before: tuple[int, int]) -> None:
        """Close where the client neither read nor sent what is waited for."""
        moved, current = self._moved(), self._current
        if moved == before and current is None:
            self._transport.abort()
            return
        if moved == before and current is self._requests.reading and current is not None:
            # No more of its body comes.
            current.gone = True
            current.wake()
        self._timer = self._loop.call_later(ENDING_SECONDS, self._end, moved)

    def data_received(self, data: bytes) -> None:
        """Read what has come."""
        if self._shedding.counts and self._is_idle():
            refusing = self._shedding.who_refuses(data)
            if refusing is not None:
                headers = self._server.default_headers
                self._write(self._shedding.refuse(*refusing, headers, stays=True), True)
                return
        self._eager = True
        try:
            self._requests.feed(data)
        except httptools.HttpParserError:
            if self._requests.too_large:
                self._refuse_head()
            else:
                self._refuse(HTTPStatus.BAD_REQUEST, "the request is not one of HTTP/1.1")
            return
        finally:
            self._eager = False
        requests = self._requests
        if (requests.head if requests.reading is None else requests.beside) > MOST_HEAD:
            self._refuse_head()
        else:
            # Of the last one the body may be on its way, and who answers it may not need it.
            self._next()
            self._slow_down()

    def _headed(self, incoming: Incoming, url: bytes) -> None:
        """Let a request wait, whose head is there."""
        self._waiting.append(incoming)
        if incoming.request.method == "POST":
            incoming.door = self._shedding.doors.get(url)

    def _is_idle(self) -> bool:
        """Tell whether what comes next is the begin of a request, to be answered at once."""
        return (
            self._requests.head == 0
            and self._current is None
            and not self._waiting
            and self._stays
            and not self._write_paused
        )

    def _next(self) -> None:
        """Have the next request answered, where none is and the client reads."""
        while self._current is None and self._waiting and not self._write_paused:
            if self._transport.is_closing():
                # What stands behind the last request of a connection is nobody's.
                self._waiting.clear()
                return
            incoming = self._waiting.popleft()
            if incoming.door is not None:
                full = incoming.door.enter()
                if full is not None:
                    self._shed(incoming, incoming.door, full)
                    continue
            self._current = incoming
            answer = self._answer(incoming)
            if self._is_eager(incoming):
                self._eager = False
                rest = begun(answer)
                if rest is None:
                    continue
                answer = rest
            task = self._loop.create_task(answer)
            self._server.tasks.add(task)
            task.add_done_callback(self._server.tasks.discard)

    def _is_eager(self, incoming: Incoming) -> bool:
        """Tell whether a request is answered where it is read."""
        door = incoming.door
        return self._eager and incoming.complete and door is not None and door.is_idle()

    def _shed(self, incoming: Incoming, door: Door, full: Waiting) -> None:
        """Refuse a request of which no more than the head need be there."""
        incoming.leave()
        if self._transport.is_closing():
            return
        stays = self._lasts(incoming)
        headers = self._server.default_headers
        self._write(self._shedding.refuse(door, full, headers, stays=stays), stays)

    def _lasts(self, incoming: Incoming) -> bool:
        """Tell whether the connection stays when a request is answered."""
        return self._stays and incoming.keeps_alive and (bool(self._waiting) or not self._ended)

    def _write(self, response: bytes, stays: bool) -> None:
        """Write a response; close where the connection does not stay."""
        self._transport.write(response)
        self._server.total_requests += 1
        if stays:
            self._answered = self._loop.time()
        else:
            self._transport.close()

    def _slow_down(self) -> None:
        """Read no more while much of a body, or a request, waits."""
        reading = self._requests.reading
        if self._waiting or (reading is not None and reading.unread > MOST_UNREAD):
            self._transport.pause_reading()

    def _read_on(self) -> None:
        """Read again, where nothing waits."""
        if not self._waiting and not self._transport.is_closing():
            self._transport.resume_reading()

    async def _answer(self, incoming: Incoming) -> None:
        """Answer one request; where that fails, as this program may, nobody waits for more."""
        try:
            await self._answer_one(incoming)
        except Exception:
            note(traceback.format_exc().rstrip())
            self._transport.abort()

    async def _answer_one(self, incoming: Incoming) -> None:
        request = incoming.request
        if incoming.refusal is not None:
            response: Response | None = refused(incoming.refusal)
        elif incoming.complete:
            request.body = incoming.take()
            response = await self._app.respond(request)
        else:
            response = await self._app.respond(request, lambda: self._receive(incoming))
        # What comes of its body, or has come, is nobody's.
        incoming.leave()
        self._current = None
        if self._transport.is_closing():
            self._note(request, response)
            return
        if response is None:
            # No request to the end; what comes behind it may say why.
            self._next()
            if self._current is None:
                self._transport.close()
            return
        stays = self._lasts(incoming)
        self._write(
            response_bytes(
                response,
                self._server.default_headers,
                with_body=request.method != "HEAD",
                stays=stays,
            ),
            stays,
        )
        # Nobody waits for this.
        self._note(request, response)
        if stays:
            self._next()
            self._read_on()

    def _note(self, request: Request, response: Response | None) -> None:
        """Note what was answered."""
        if response is not None:
            self._app.note(request, response.status, response.error)

    async def _receive(self, incoming: Incoming) -> Message:
        """Give the next part of a body, as ASGI has it."""
        if incoming.expects and not incoming.parts and not incoming.complete:
            self._transport.write(CONTINUE)
        incoming.expects = False
        if not incoming.parts and not incoming.complete and not incoming.gone:
            incoming.arrived = asyncio.Event()
            self._transport.resume_reading()
            await incoming.arrived.wait()
        if incoming.gone and not incoming.complete:
            return {"type": "http.disconnect"}
        more = not incoming.complete
        return {"type": "http.request", "body": incoming.take(), "more_body": more}

    def _refuse_head(self) -> None:
        """Refuse a head, or trailers, that are too large."""
        status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        self._refuse(status, f"the request has more than {MOST_HEAD:,} bytes beside its body")

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        """Answer what is no request, after those that were before it, and close."""
        self._transport.pause_reading()
        reading, self._requests.reading = self._requests.reading, None
        if reading is not None:
            # It will not end; it was begun, and says so itself, or was not.
            reading.gone = True
            reading.wake()
            if reading in self._waiting:
                self._waiting.remove(reading)
        request = Request("", "", {}, time.perf_counter())
        self._waiting.append(Incoming(request, RefusalError(status, sentence)))
        self._next()

    def _look(self) -> None:
        """Close the connection where it has been silent, a request's head took too long, or nobody
        reads."""
        requests = self._requests
        silent = self._loop.time() - max(self._answered, requests.since)
        if self._write_paused:
            # What closes without an abort waits for this client to read, which it may never do.
            if silent >= UNREAD_SECONDS:
                self._transport.abort()
                return
            self._timer = self._loop.call_later(max(UNREAD_SECONDS - silent, 1.0), self._look)
            return
        most = HEAD_SECONDS if requests.head else SILENT_SECONDS
        unread = requests.reading is not None and not requests.reading.gone
        if self._current is None and not unread and silent >= most:
            self._transport.close()
            return
        self._timer = self._loop.call_later(max(most - silent, 1.0), self._look)
