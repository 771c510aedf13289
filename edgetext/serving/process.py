"""One process that serves: it loads the models, listens, and ends when it is told to."""

from __future__ import annotations

import gc
import signal
import socket
from types import FrameType

import uvicorn

from edgetext.serving.app import Application
from edgetext.serving.request_log import RequestLog
from edgetext.serving.served import load_served
from edgetext.serving.settings import Settings

# Connections that may wait to be taken.
BACKLOG = 2048
# Seconds that requests in flight have to finish once the server is told to end.
GRACE = 30


class Listener(uvicorn.Server):
    """uvicorn's server, which tells the application that it ends."""

    def __init__(self, config: uvicorn.Config, app: Application) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to shut down."""
        self._app.ending = True
        super().handle_exit(sig, frame)


def application(settings: Settings) -> Application:
    """Load the models of a server; EdgetextError where one cannot be served."""
    log = RequestLog(with_text=settings.log_text) if settings.log else None
    return Application(load_served(settings), settings.limits, settings.token, log)


def serve_on(app: Application, listening: socket.socket) -> None:
    """Serve on a bound socket until SIGTERM or Ctrl-C; requests in flight are answered then."""
    # Collecting garbage need not look at models that stay.
    gc.collect()
    gc.freeze()
    # uvicorn raises the signal again that ended it, when all is closed.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ended)
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE,
    )
    try:
        Listener(config, app).run([listening])
    finally:
        if app.log is not None:
            app.log.flush()


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


def _ended(number: int, frame: FrameType | None) -> None:
    return
