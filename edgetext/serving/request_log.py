"""A line of JSON for each request, on stdout."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from pydantic_core import to_json

from edgetext.data.text_range import decoded
from edgetext.serving.exchange import Request

# Seconds that lines wait for others, to be written together.
TOGETHER = 0.1


class RequestLog:
    """What is written of requests. with_text: whether the texts are, too, which may be anything."""

    def __init__(self, *, with_text: bool = False, stream: TextIO | None = None) -> None:
        self._with_text = with_text
        self._stream = sys.stdout if stream is None else stream
        self._lines: list[bytes] = []

    def write(self, request: Request, status: int, seconds: float, error: str = "") -> None:
        """Note a request that was answered with this status."""
        fields: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
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
        if not self._lines:
            asyncio.get_running_loop().call_later(TOGETHER, self.flush)
        self._lines.append(to_json(fields))

    def flush(self) -> None:
        """Write what waits."""
        if self._lines:
            lines, self._lines = self._lines, []
            self._stream.write(b"\n".join([*lines, b""]).decode())
            self._stream.flush()
