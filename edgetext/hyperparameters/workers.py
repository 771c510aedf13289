"""Several processes that work on one folder."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.process import BaseProcess

from edgetext.core import console
from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.core.processes import place
from edgetext.core.user_modules import load_user_module, user_files
from edgetext.hyperparameters.job import Job
from edgetext.hyperparameters.search import opened, work

_log = console.logger(__name__)


def work_together(job: Job, workers: int) -> None:
    """Train trials in this process and in `workers` - 1 others, until there are enough of them.

    Each has its share of the cores where the recipe does not say `training.threads`. StoppedError
    where Ctrl-C came, which the others are told of and wait for. EdgetextError where this process
    failed; one of the others that fails is named.
    """
    if place().count > 1:
        raise EdgetextError(
            "`search-params` trains each model in one process; start it without torchrun, and give "
            "--workers"
        )
    # Before others look at it, and so that what is wrong with the folder is said once.
    opened(job)
    share = max(1, (os.cpu_count() or 1) // workers)
    with _others(job, workers - 1, share) as processes:
        if workers > 1:
            _set_threads(share)
        work(job)
        for process in processes:
            process.join()
    if any(process.exitcode for process in processes):
        _log.warning(
            "a process of --workers ended early; its trial goes on when the same command is "
            "given again"
        )


@contextlib.contextmanager
def _others(job: Job, count: int, share: int) -> Iterator[Sequence[BaseProcess]]:
    """Start processes, and end them with the block: by Ctrl-C's signal, so that they keep what they
    have."""
    context = multiprocessing.get_context("spawn")
    arguments = (job, share, user_files(), os.getpid())
    processes = [context.Process(target=work_as_other, args=arguments) for _ in range(count)]
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


def work_as_other(job: Job, share: int, modules: Sequence[str], parent: int) -> None:
    """Be one of the processes."""
    # Ctrl-C in the terminal is the first process's, which passes it on.
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if os.getppid() != parent:
        return
    for module in modules:
        load_user_module(module)
    _set_threads(share)
    with console.shown():
        console.progress(False)
        try:
            work(job)
        except (StoppedError, KeyboardInterrupt):
            sys.exit(0)
        except EdgetextError as error:
            _log.warning(str(error))
            sys.exit(1)


def _set_threads(count: int) -> None:
    import torch

    torch.set_num_threads(count)
