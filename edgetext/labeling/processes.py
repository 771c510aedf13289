"""Parts made in this process, or in several of this machine."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from edgetext.core.errors import EdgetextError
from edgetext.core.user_modules import load_user_module, user_files
from edgetext.labeling.job import Answerer, Job
from edgetext.labeling.source import Chunk
from edgetext.predictor import Predictor

# (number, rows, content) of a part.
Part = tuple[int, int, bytes]
# Chunks that wait or are worked on, for each process: so that none waits for the next one.
_AHEAD = 2
_answerers: list[Answerer] = []


def in_this_process(job: Job, done: Collection[int], predictor: Predictor) -> Iterator[Part]:
    """Give the parts that are not done, in their order."""
    answerer = Answerer(job, predictor)
    for number, chunk in enumerate(job.source.chunks()):
        if number not in done:
            yield number, chunk.count, answerer.part(chunk)


def in_processes(job: Job, done: Collection[int], workers: int) -> Iterator[Part]:
    """Give the parts that are not done, in their order, made by so many processes.

    EdgetextError where one of them is killed.
    """
    waiting: deque[tuple[int, int, Future[bytes]]] = deque()
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, _begin, (job, user_files()))
    try:
        for number, chunk in enumerate(job.source.chunks()):
            if number in done:
                continue
            waiting.append((number, chunk.count, pool.submit(_part, chunk)))
            if len(waiting) >= _AHEAD * workers:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())
    except BrokenProcessPool as error:
        raise EdgetextError(
            "a process of --workers ended before its work, as one does that is killed for memory; "
            "finished parts are kept, and the same command goes on, with fewer --workers, too"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _result(number: int, rows: int, future: Future[bytes]) -> Part:
    return number, rows, future.result()


def _begin(job: Job, modules: list[str]) -> None:
    """Load the model in a process of its own, which ends when the first one does."""
    # Ctrl-C reaches all processes of a terminal; the first one says what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for module in modules:
        load_user_module(module)
    _answerers.append(Answerer(job))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        with contextlib.suppress(OSError):
            parent.join()
        os._exit(1)


def _part(chunk: Chunk) -> bytes:
    return _answerers[0].part(chunk)
