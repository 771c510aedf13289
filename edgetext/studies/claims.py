"""Which process has which trial: a lock a trial, which goes with its process, however that ends."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.core.errors import EdgetextError
from edgetext.core.files import alone_with, in_turn
from edgetext.studies.study import running, sampler_of

if TYPE_CHECKING:
    import optuna


def lock_path(folder: Path, number: int) -> Path:
    """Name the lock of a trial."""
    return folder / f"{number:04d}.lock"


@contextlib.contextmanager
def claimed(
    study: optuna.Study,
    folder: Path,
    seed: int,
    begin: Callable[[], optuna.Trial | None],
) -> Iterator[optuna.Trial | None]:
    """Give a trial that no other process has, while the block runs; None where there is none.

    One that a process left behind, however that ended, comes first. begin: asks the study for a
    new trial, or gives None; no other process is in a `begin` of the folder meanwhile.
    """
    import optuna

    with contextlib.ExitStack() as claims:
        trial: optuna.Trial | None = None
        with in_turn(folder):
            for number in running(study):
                try:
                    claims.enter_context(alone_with(lock_path(folder, number)))
                except EdgetextError:
                    continue
                # Its process may have told the end of it, and left, meanwhile.
                if number in running(study):
                    left = study.get_trials(deepcopy=False)[number]
                    trial = optuna.Trial(study, left._trial_id)
                    break
            if trial is None and (trial := begin()) is not None:
                claims.enter_context(alone_with(lock_path(folder, trial.number)))
        if trial is not None:
            study.sampler = sampler_of(seed, trial.number)
        yield trial


def wait_for_another(study: optuna.Study, folder: Path) -> None:
    """Wait until the first trial that another process has is over, or is left behind."""
    for number in running(study)[:1]:
        # The lock is gone where the trial has ended since.
        with contextlib.suppress(FileNotFoundError), in_turn(lock_path(folder, number)):
            pass
