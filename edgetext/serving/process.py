"""One process that serves: it loads the models, listens, and ends when it is told to."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from edgetext.serving.app import Application
from edgetext.serving.connection import Connection
from edgetext.serving.following import Following, followers
from edgetext.serving.live.watching import watch
from edgetext.serving.request_log import RequestLog
from edgetext.serving.served import check_address, load_served
from edgetext.serving.settings import Settings

if TYPE_CHECKING:
    from edgetext.serving.grpc.listener import GrpcListener

# Connections that may wait to be taken.
BACKLOG = 2048
# Connections that are taken in one turn of the loop.
ACCEPTED = 4
# Seconds that requests in flight have to finish once the server is told to end.
GRACE = 30


class Listener(uvicorn.Server):
    """uvicorn's server, which tells the application that it ends.

    grpc: what listens beside it. listening: called once both do.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        app: Application,
        grpc: GrpcListener | None,
        listening: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._app = app
        self._grpc = grpc
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self._grpc is not None:
            await self._grpc.start()
        self._listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what was begun and close."""
        ends = [super().shutdown(sockets)]
        if self._grpc is not None:
            ends.append(self._grpc.stop(GRACE))
        await asyncio.gather(*ends)

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until the end."""
        if self._app.following is not None:
            self._app.following.start()
        try:
            await super().serve(sockets)
        finally:
            if self._app.following is not None:
                self._app.following.stop()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to shut down."""
        self._app.ending = True
        super().handle_exit(sig, frame)


def application(settings: Settings) -> Application:
    """Load the models of a server; EdgetextError where one cannot be served."""
    log = RequestLog(with_text=settings.log_text) if settings.log else None
    served, followed = load_served(settings), followers(settings)
    for follower in followed:
        check_address(follower.name, str(follower.reference), served)
        served[follower.name] = follower.load()
    app = Application(served, settings.limits, settings.token, log)
    app.following = Following(app, followed, settings.poll)
    if settings.live is not None:
        app.judge(watch(settings, app.deployments))
    return app


def http_config(app: Application) -> uvicorn.Config:
    """Give what uvicorn is told of an application."""
    return uvicorn.Config(
        app,
        http=Connection,
        lifespan="off",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE,
    )


def serve_on(
    app: Application,
    bound_socket: socket.socket,
    grpc: GrpcListener | None = None,
    listening: Callable[[], None] = lambda: None,
) -> None:
    """Serve on a bound socket until SIGTERM or Ctrl-C; requests in flight are answered then.

    grpc: what listens beside it. listening: called once all listen.
    """
    # Collecting garbage need not look at models that stay.
    gc.collect()
    gc.freeze()
    # uvicorn raises the signal again that ended it, when all is closed.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ended)
    try:
        Listener(http_config(app), app, grpc, listening).run(listeners(bound_socket))
    finally:
        if app.log is not None:
            app.log.flush()


def grpc_listener(app: Application, settings: Settings, *, shared: bool) -> GrpcListener | None:
    """Give what listens for gRPC; None where that has no port."""
    if settings.grpc_port is None:
        return None
    from edgetext.serving.grpc.listener import GrpcListener

    return GrpcListener(app, settings.host, settings.grpc_port, shared=shared)


def bound(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Bind a socket; OSError where it cannot. shared: others may bind the same address as well, of
    which the kernel then chooses one for each connection."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound_socket = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            bound_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound_socket.bind((host, port))
    except OSError:
        bound_socket.close()
        raise
    return bound_socket


def listeners(bound_socket: socket.socket) -> list[socket.socket]:
    """Give a socket ACCEPTED times, as files of its own: libuv takes one connection of each in a
    turn of its loop, and requests wait unseen on those that are not taken."""
    return [bound_socket, *(bound_socket.dup() for _ in range(ACCEPTED - 1))]


def _ended(number: int, frame: FrameType | None) -> None:
    return
