"""Several processes that work on one folder."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.process import BaseProcess
from typing import TypeVar

from edgetext.core import console
from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.core.processes import place
from edgetext.core.user_modules import load_user_module, user_files

_log = console.logger(__name__)

J = TypeVar("J")


def check_is_one_process(command: str) -> None:
    """EdgetextError where torchrun started several processes of a command that has --workers."""
    if place().count > 1:
        raise EdgetextError(
            f"`{command}` trains each model in one process; start it without torchrun, and give "
            "--workers"
        )


def work_together(
    here: Callable[[], object], work: Callable[[J], object], job: J, workers: int
) -> None:
    """Work in this process by `here`, and in `workers` - 1 others by `work`, a module's function,
    of a job, until all have ended.

    Each has its share of the cores where the recipe does not say `training.threads`. StoppedError
    where Ctrl-C came, which the others are told of and wait for. EdgetextError where this process
    failed; where another one did, this one takes over what it left.
    """
    if workers == 1:
        here()
        return
    share = max(1, (os.cpu_count() or 1) // workers)
    with _others(work, job, workers - 1, share) as processes, _threads(share):
        with console.led_by("[1] "):
            here()
        for process in processes:
            process.join()
        if any(process.exitcode for process in processes):
            _log.warning("a process of --workers ended early; this one takes its trial over")
            here()


def is_orphan() -> bool:
    """Tell whether another process started this one for `work_together`, and is gone."""
    parent = multiprocessing.parent_process()
    return parent is not None and not parent.is_alive()


@contextlib.contextmanager
def _others(
    work: Callable[[J], object], job: J, count: int, share: int
) -> Iterator[Sequence[BaseProcess]]:
    """Start processes, and end them with the block: by Ctrl-C's signal, so that they keep what they
    have."""
    context = multiprocessing.get_context("spawn")
    arguments = (work, job, share, user_files())
    processes = [
        context.Process(target=work_as_other, args=(*arguments, number))
        for number in range(2, count + 2)
    ]
    try:
        for process in processes:
            process.start()
        yield processes
    finally:
        for process in processes:
            if process.is_alive() and process.pid is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGINT)
        for process in processes:
            if process.pid is not None:
                process.join()


def work_as_other(
    work: Callable[[J], object], job: J, share: int, modules: Sequence[str], number: int
) -> None:
    """Be one of the processes, the `number`th, whose lines say so."""
    # Ctrl-C in the terminal is the first process's, which passes it on.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if is_orphan():
        return
    for module in modules:
        load_user_module(module)
    with console.shown(), console.led_by(f"[{number}] "), _threads(share):
        console.progress(False)
        try:
            work(job)
        except (StoppedError, KeyboardInterrupt):
            sys.exit(0)
        except EdgetextError as error:
            _log.warning(str(error))
            sys.exit(1)


@contextlib.contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let torch compute with so many threads while the block runs."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
