"""Several processes that serve one address, and the one that minds them."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess, parent_process
from types import FrameType

from edgetext.core.errors import EdgetextError
from edgetext.serving.live.process import judged
from edgetext.serving.measures import FOLDER
from edgetext.serving.notes import note
from edgetext.serving.process import application, bound, grpc_listener, serve_on
from edgetext.serving.settings import Settings

# Exit status of a worker whose models cannot be loaded, so that another one could not either.
REFUSED = 2
# Seconds between looks at the workers, and that a new one waits which replaces another.
LOOK, PAUSE = 0.1, 1.0


def serve_alone(settings: Settings) -> None:
    """Serve in this process until SIGTERM or Ctrl-C; EdgetextError where the models cannot be
    loaded or the address not be taken."""
    with judged(settings) as judged_settings:
        app = application(judged_settings)
        http = bound_or_error(settings.host, settings.port)
        settings = with_free_ports(settings, http)

        # Who reads the line may connect at once.
        def listening() -> None:
            say(settings, ", ".join(app.deployments))

        serve_on(app, http, grpc_listener(app, settings, shared=False), listening)


def serve_by_workers(settings: Settings) -> None:
    """Serve in as many processes as `workers` until SIGTERM or Ctrl-C; one that ends by itself is
    replaced. EdgetextError as of `serve_alone`."""
    with judged(settings) as judged_settings:
        _serve_by_workers(judged_settings)


def _serve_by_workers(settings: Settings) -> None:
    # This process holds the address but does not listen. It is taken alone first: who shares one
    # is not told that it is another program's.
    bound_or_error(settings.host, settings.port).close()
    holding = [bound_or_error(settings.host, settings.port, shared=True)]
    settings = with_free_ports(settings, holding[0])
    if settings.grpc_port is not None:
        holding.append(bound_or_error(settings.host, settings.grpc_port, shared=True))
    os.environ[FOLDER] = folder = tempfile.mkdtemp(prefix="edgetext-serve-")
    ended: list[int] = []

    def end(number: int, frame: FrameType | None) -> None:
        ended.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    # Each worker writes into it once it listens.
    reader, writer = multiprocessing.get_context("spawn").Pipe(duplex=False)
    workers: list[BaseProcess] = []
    try:
        workers = [_started(settings, writer) for _ in range(settings.workers)]
        listening = 0
        while not ended:
            time.sleep(LOOK)
            while reader.poll():
                reader.recv()
                listening += 1
                # Who reads the line may connect at once.
                if listening == settings.workers:
                    say(settings, f"{settings.workers} workers")
            workers = [
                worker if ended or worker.is_alive() else _another(worker, settings, writer)
                for worker in workers
            ]
    finally:
        for worker in workers:
            if worker.is_alive():
                worker.terminate()
        for worker in workers:
            worker.join()
        for each in holding:
            each.close()
        reader.close()
        writer.close()
        shutil.rmtree(folder, ignore_errors=True)


def say(settings: Settings, what: str) -> None:
    """Tell on stderr where the server is."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    beside = "" if settings.grpc_port is None else f" and grpc://{host}:{settings.grpc_port}"
    note(f"edgetext: {what} at http://{host}:{settings.port}{beside}")


def with_free_ports(settings: Settings, http: socket.socket) -> Settings:
    """Give the settings with the ports that 0 stands for; EdgetextError where gRPC's is taken,
    which it binds by itself."""
    settings = replace(settings, port=http.getsockname()[1])
    if settings.grpc_port is None:
        return settings
    with bound_or_error(settings.host, settings.grpc_port, option="--grpc-port") as probe:
        return replace(settings, grpc_port=probe.getsockname()[1])


def bound_or_error(
    host: str, port: int, *, shared: bool = False, option: str = "--port"
) -> socket.socket:
    """Bind an address as `bound` does; EdgetextError where it cannot be taken."""
    try:
        return bound(host, port, shared=shared)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EdgetextError(
            f"{host}:{port}: the server cannot listen there ({reason}); give another {option} or "
            "--host"
        ) from error


def _started(settings: Settings, writer: Connection) -> BaseProcess:
    worker = multiprocessing.get_context("spawn").Process(
        target=_work, args=(settings, writer), daemon=True
    )
    worker.start()
    return worker


def _another(worker: BaseProcess, settings: Settings, writer: Connection) -> BaseProcess:
    """Give another worker in the place of one that has ended."""
    if worker.exitcode == REFUSED:
        raise EdgetextError("a worker could not start; the line above says why")
    # What it counted stays; what it was doing has ended with it.
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)
    note(f"edgetext: a worker ended with status {worker.exitcode}; another one starts")
    time.sleep(PAUSE)
    return _started(settings, writer)


def _work(settings: Settings, writer: Connection) -> None:
    """Serve as one of several processes, and tell the one that minds them when this one listens."""

    def listening() -> None:
        with contextlib.suppress(OSError):
            writer.send(None)

    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        app = application(settings)
        http = bound_or_error(settings.host, settings.port, shared=True)
    except EdgetextError as error:
        note(f"edgetext: error: {error}")
        sys.exit(REFUSED)
    serve_on(app, http, grpc_listener(app, settings, shared=True), listening)


def _end_with_parent() -> None:
    """End this process as SIGTERM does when the one that minds it was killed: nobody would replace
    it or end it, and it would hold the address against a server that is started anew."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
