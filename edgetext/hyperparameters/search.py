"""`search-params`: trials until there are enough, by as many processes as work on the folder."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

from edgetext.core.errors import EdgetextError
from edgetext.core.files import alone_with, atomic_path, in_turn, read_bytes, write_bytes
from edgetext.hyperparameters.job import PLAN, Job, goes_on
from edgetext.hyperparameters.study import (
    JOURNAL,
    begun,
    best_of,
    has_learnt,
    has_waiting,
    open_study,
    running,
    sampler_of,
)
from edgetext.hyperparameters.trial import OutOfTimeError, Trials, trial_path

if TYPE_CHECKING:
    import optuna

BEST = "best"


def opened(job: Job) -> optuna.Study:
    """Open the study of a job's folder, or begin it with the recipe's own values as the first
    trial. EdgetextError where the folder holds something else."""
    recipe = job.recipe()
    lowest = job.watched(recipe)[1]
    epochs = max(
        recipe.training.epochs,
        *map(int, job.space.domains["training.epochs"].ends()),
    ) if "training.epochs" in job.space.domains else recipe.training.epochs  # fmt: skip
    job.folder.mkdir(parents=True, exist_ok=True)
    with in_turn(job.folder):
        learnt = (job.folder / JOURNAL).exists() and (job.folder / PLAN).exists()
        if learnt:
            learnt = has_learnt(open_study(job.folder, job.pruner, epochs, lowest=lowest))
        known = goes_on(job, recipe, learnt=learnt)
        study = open_study(job.folder, job.pruner, epochs, lowest=lowest)
        if not known or not study.get_trials(deepcopy=False):
            study.enqueue_trial(job.space.start(recipe))
    return study


def work(job: Job) -> None:
    """Train trials in this process until the job has enough of them, or its time is over.

    A trial that a process left behind, however that ended, is gone on with first. StoppedError
    where Ctrl-C came.
    """
    study = opened(job)
    trials, seed = Trials(job), job.recipe().seed
    with contextlib.suppress(OutOfTimeError):
        while not job.is_over():
            with _claimed(study, job, seed) as trial:
                if trial is None:
                    return
                trials.attempt(trial)
            publish(study, job)


@contextlib.contextmanager
def _claimed(study: optuna.Study, job: Job, seed: int) -> Iterator[optuna.Trial | None]:
    """Give a trial that no other process trains, while the block runs; None where none is left."""
    import optuna

    with contextlib.ExitStack() as claims:
        trial: optuna.Trial | None = None
        with in_turn(job.folder):
            for number in running(study):
                try:
                    claims.enter_context(alone_with(trial_path(job.folder, number, ".lock")))
                except EdgetextError:
                    continue
                # Its process may have told the end of it, and left, meanwhile.
                if number in running(study):
                    left = study.get_trials(deepcopy=False)[number]
                    trial = optuna.Trial(study, left._trial_id)
                    break
            if trial is None and (has_waiting(study) or begun(study) < job.trials):
                trial = study.ask()
                lock = trial_path(job.folder, trial.number, ".lock")
                claims.enter_context(alone_with(lock))
        if trial is not None:
            study.sampler = sampler_of(seed, trial.number)
        yield trial


def publish(study: optuna.Study, job: Job) -> optuna.trial.FrozenTrial | None:
    """Copy the best trial's recipe and model to best.yaml and best.pt, and delete the models of the
    other trials that are over; give the best trial, None where there is none yet."""
    with in_turn(job.folder):
        best = best_of(study)
        if best is None:
            return None
        for suffix in (".yaml", ".pt"):
            content = trial_path(job.folder, best.number, suffix)
            target = job.folder / f"{BEST}{suffix}"
            if suffix == ".yaml":
                write_bytes(target, read_bytes(content))
            elif content.exists():
                with atomic_path(target) as temporary:
                    shutil.copyfile(content, temporary)
        for trial in study.get_trials(deepcopy=False):
            if trial.state.is_finished() and trial.number != best.number:
                trial_path(job.folder, trial.number, ".pt").unlink(missing_ok=True)
    return best
