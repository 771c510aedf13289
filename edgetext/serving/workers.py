"""Several processes that serve one address, and the one that minds them."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from multiprocessing.process import BaseProcess
from types import FrameType

from edgetext.core.errors import EdgetextError
from edgetext.serving.measures import FOLDER
from edgetext.serving.process import BACKLOG, application, bound, serve_on
from edgetext.serving.settings import Settings

# Exit status of a worker whose models cannot be loaded, so that another one could not either.
REFUSED = 2
# Seconds between looks at the workers, and that a new one waits which replaces another.
LOOK, PAUSE = 0.1, 1.0


def serve_alone(settings: Settings) -> None:
    """Serve in this process until SIGTERM or Ctrl-C; EdgetextError where the models cannot be
    loaded or the address not be taken."""
    app = application(settings)
    listening = bound_or_error(settings.host, settings.port)
    # Who reads the line may connect at once.
    listening.listen(BACKLOG)
    say(listening, settings, ", ".join(app.deployments))
    serve_on(app, listening)


def serve_by_workers(settings: Settings) -> None:
    """Serve in as many processes as `workers` until SIGTERM or Ctrl-C; one that ends by itself is
    replaced. EdgetextError as of `serve_alone`."""
    # This process holds the address but does not listen. It is taken alone first: who shares one
    # is not told that it is another program's.
    bound_or_error(settings.host, settings.port).close()
    holding = bound_or_error(settings.host, settings.port, shared=True)
    address = holding.getsockname()
    os.environ[FOLDER] = folder = tempfile.mkdtemp(prefix="edgetext-serve-")
    ended: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        ended.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    say(holding, settings, f"{settings.workers} workers")
    workers: list[BaseProcess] = []
    try:
        workers = [_started(settings, address[1]) for _ in range(settings.workers)]
        while not ended:
            time.sleep(LOOK)
            workers = [_minded(worker, settings, address[1], ended) for worker in workers]
    finally:
        for worker in workers:
            if worker.is_alive():
                worker.terminate()
        for worker in workers:
            worker.join()
        holding.close()
        shutil.rmtree(folder, ignore_errors=True)


def say(listening: socket.socket, settings: Settings, what: str) -> None:
    """Tell on stderr where the server is."""
    port = listening.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    note(f"edgetext: {what} at http://{host}:{port}")


def note(line: str) -> None:
    """Write a line to stderr, in one piece."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def bound_or_error(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Bind an address as `bound` does; EdgetextError where it cannot be taken."""
    try:
        return bound(host, port, shared=shared)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EdgetextError(
            f"{host}:{port}: the server cannot listen there ({reason}); give another --port or "
            "--host"
        ) from error


def _started(settings: Settings, port: int) -> BaseProcess:
    worker = multiprocessing.get_context("spawn").Process(
        target=_work, args=(settings, port), daemon=True
    )
    worker.start()
    return worker


def _minded(worker: BaseProcess, settings: Settings, port: int, ended: list[int]) -> BaseProcess:
    """Give the worker, or another one in its place where it has ended."""
    if worker.is_alive() or ended:
        return worker
    if worker.exitcode == REFUSED:
        raise EdgetextError("a worker could not start; the line above says why")
    # What it counted stays; what it was doing has ended with it.
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)
    note(f"edgetext: a worker ended with status {worker.exitcode}; another one starts")
    time.sleep(PAUSE)
    return _started(settings, port)


def _work(settings: Settings, port: int) -> None:
    """Serve as one of several processes."""
    try:
        app = application(settings)
        listening = bound_or_error(settings.host, port, shared=True)
    except EdgetextError as error:
        note(f"edgetext: error: {error}")
        sys.exit(REFUSED)
    serve_on(app, listening)
