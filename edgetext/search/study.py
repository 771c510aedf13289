"""The folder's study of optuna: what is tried next, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.search.limits import Limits
from edgetext.search.record import FAILED, MEASURED, Record

if TYPE_CHECKING:
    import optuna


def open_study(journal: Path, seed: int, done: int) -> optuna.Study:
    """Open a study; trials that were being made when it was stopped come first.

    done: how many trials there are. Another seed after each stop, or the same choices would come
    again.
    """
    import optuna
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend
    from optuna.trial import TrialState

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        study_name="compress",
        storage=JournalStorage(JournalFileBackend(str(journal))),
        direction="maximize",
        load_if_exists=True,
        sampler=optuna.samplers.TPESampler(seed=seed * 1009 + done, n_startup_trials=5),
        pruner=optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2),
    )
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        study.tell(trial.number, state=TrialState.FAIL)
        study.enqueue_trial(trial.params)
    return study


def tell(study: optuna.Study, trial: optuna.Trial, record: Record, limits: Limits) -> None:
    """Close a trial with its outcome; how far a skipped one is beyond its limits counts too."""
    from optuna.trial import TrialState

    over = limits.excess(record.cost) if record.cost is not None else {}
    for name in ("size", "latency"):
        trial.set_constraint(name, over.get(name, 0.0))
    if record.status == MEASURED and record.cost is not None:
        study.tell(trial, -record.cost.drop)
    elif record.status == FAILED:
        study.tell(trial, state=TrialState.FAIL)
    else:
        study.tell(trial, state=TrialState.PRUNED)
