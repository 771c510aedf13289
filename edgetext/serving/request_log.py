"""A line of JSON for each request, on stdout.

Where stdout takes no more, as a file on a full disk or a pipe that nobody reads any more, requests
are answered all the same: the lines of that time are lost, which is said when it begins and when it
ends.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TextIO

from edgetext.core.json_bytes import to_json
from edgetext.data.text_range import decoded
from edgetext.serving.exchange import Request
from edgetext.serving.notes import note

# Seconds that lines wait for others, to be written together.
TOGETHER = 0.1


class RequestLog:
    """What is written of requests. with_text: whether the texts are, too, which may be anything."""

    def __init__(self, *, with_text: bool = False, stream: TextIO | None = None) -> None:
        self._with_text = with_text
        self._stream = sys.stdout if stream is None else stream
        self._lines: list[bytes] = []
        # Lines that could not be written since the last that could, and whether what is written
        # last is a whole line.
        self._lost = 0
        self._is_whole = True

    def write(self, request: Request, status: int, seconds: float, error: str = "") -> None:
        """Note a request that was answered with this status."""
        fields: dict[str, Any] = {
            "time": _now(),
            "method": request.method,
            "path": request.path,
            "status": status,
            "ms": round(seconds * 1000, 3),
        }
        if request.model:
            fields |= {"model": request.model, "texts": request.texts, "bytes": request.size}
            fields["id"] = request.id
        if request.version:
            fields["version"] = request.version
        if error:
            fields["error"] = error
        if self._with_text:
            fields["asked"] = [list(map(decoded, text)) for text in request.asked]
        self._add(fields)

    def write_shed(self, model: str, count: int) -> None:
        """Note requests that were refused before they were read, in one line: one for each would
        take longer than the refusals."""
        fields: dict[str, Any] = {"time": _now(), "status": int(HTTPStatus.TOO_MANY_REQUESTS)}
        if model:
            fields["model"] = model
        self._add({**fields, "requests": count, "error": "refused before they were read"})

    def _add(self, fields: dict[str, Any]) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_later(TOGETHER, self.flush)
        self._lines.append(to_json(fields))

    def flush(self) -> None:
        """Write what waits."""
        if self._lines:
            lines, self._lines = self._lines, []
            self._write(lines)

    def _write(self, lines: list[bytes]) -> None:
        content = b"\n".join([*lines, b""])
        try:
            self._put(content if self._is_whole else b"\n" + content)
        except OSError as error:
            if not self._lost:
                note(
                    f"edgetext: the lines of requests cannot be written ({error.strerror}); "
                    "requests are answered, and lines are lost"
                )
            self._lost += len(lines)
            return
        if self._lost:
            note(f"edgetext: lines of requests are written again; up to {self._lost:,} were lost")
            self._lost = 0

    def _put(self, content: bytes) -> None:
        """Write bytes; OSError where not all of them can be."""
        try:
            descriptor = self._stream.fileno()
        except OSError:
            self._stream.write(content.decode())
            return
        # Past the stream's own buffer, which would keep what failed and mix it with what is next.
        while content:
            count = os.write(descriptor, content)
            self._is_whole = content[:count].endswith(b"\n")
            content = content[count:]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
