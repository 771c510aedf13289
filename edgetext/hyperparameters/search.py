"""`search-params`: trials until there are enough, by as many processes as work on the folder."""

from __future__ import annotations

import contextlib
import functools
import shutil
from typing import TYPE_CHECKING

from edgetext.core.files import atomic_path, in_turn, make_folder, read_bytes, write_bytes
from edgetext.hyperparameters.job import PLAN, Job, goes_on
from edgetext.hyperparameters.study import begun, best_of, has_learnt, open_study
from edgetext.hyperparameters.trial import OutOfTimeError, Trials, trial_path
from edgetext.studies.claims import claimed
from edgetext.studies.study import JOURNAL, has_waiting
from edgetext.studies.workers import check_is_one_process, work_together

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
    make_folder(job.folder)
    with in_turn(job.folder):
        learnt = (job.folder / JOURNAL).exists() and (job.folder / PLAN).exists()
        if learnt:
            learnt = has_learnt(open_study(job.folder, job.pruner, epochs, lowest=lowest))
        known = goes_on(job, recipe, learnt=learnt)
        study = open_study(job.folder, job.pruner, epochs, lowest=lowest)
        if not known or not study.get_trials(deepcopy=False):
            study.enqueue_trial(job.space.start(recipe))
    return study


def search(job: Job, workers: int) -> None:
    """Train trials in so many processes, this one among them, until the job has enough of them, or
    its time is over; see work. EdgetextError where torchrun started this."""
    check_is_one_process("search-params")
    # Before others look at it, and so that what is wrong with the folder is said once.
    opened(job)
    work_together(functools.partial(work, job), work, job, workers)


def work(job: Job) -> None:
    """Train trials in this process until the job has enough of them, or its time is over.

    A trial that a process left behind, however that ended, is gone on with first. StoppedError
    where Ctrl-C came.
    """
    study = opened(job)
    trials, seed = Trials(job), job.recipe().seed

    def begin() -> optuna.Trial | None:
        more = has_waiting(study) or begun(study) < job.trials
        return study.ask() if more else None

    with contextlib.suppress(OutOfTimeError):
        while not job.is_over():
            with claimed(study, job.folder, seed, begin) as trial:
                if trial is None:
                    return
                trials.attempt(trial)
            publish(study, job)


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
