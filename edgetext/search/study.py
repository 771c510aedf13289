"""The folder's study of optuna: what is tried next, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from edgetext.search.limits import Limits
from edgetext.search.record import FAILED, MEASURED, Record
from edgetext.search.space import Choice, Space
from edgetext.studies.study import stored_study

if TYPE_CHECKING:
    import optuna


def open_study(folder: Path) -> optuna.Study:
    """Open the study of a folder, or begin one; EdgetextError as of stored_study."""
    from optuna.pruners import SuccessiveHalvingPruner

    pruner = SuccessiveHalvingPruner(min_resource=1, reduction_factor=2)
    return stored_study(folder, "compress", pruner, lowest=False)


def running_choices(study: optuna.Study, space: Space) -> dict[int, Choice]:
    """Give the choices of the trials that have begun and not ended, by their numbers."""
    from optuna.trial import TrialState

    choices = {}
    for trial in study.get_trials(deepcopy=True, states=(TrialState.RUNNING,)):
        try:
            choices[trial.number] = space.suggest(trial)
        except ValueError:  # Its process was gone before it had chosen all.
            continue
    return choices


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
