"""A server that answers each request at once, for measuring what is sent to it.

    python -m edgetext_bench.experiments.serving_nothing

It writes its address to stdout and listens on a free port of the loopback.
"""

from __future__ import annotations

import asyncio
from typing import Any

import click
import uvloop

# Requests come one at a time on a connection, each in one piece.
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Nothing(asyncio.Protocol):
    """Answers whatever comes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(ANSWER)


async def serve() -> None:
    """Listen until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Nothing, "127.0.0.1", 0, backlog=2048)
    click.echo(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
