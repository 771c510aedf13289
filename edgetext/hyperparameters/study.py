"""The folder's study of optuna, which several processes may work on at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgetext.studies.study import STARTUP, stored_study

if TYPE_CHECKING:
    import optuna

MEDIAN, HYPERBAND, NONE = "median", "hyperband", "none"
PRUNERS = (MEDIAN, HYPERBAND, NONE)
_NAME = "search-params"


def open_study(folder: Path, pruner: str, epochs: int, *, lowest: bool) -> optuna.Study:
    """Open the study of a folder, or begin one.

    pruner: one of PRUNERS. epochs: the most of a trial. lowest: whether the metric is better when
    it is lower.
    """
    return stored_study(folder, _NAME, pruner_of(pruner, epochs), lowest=lowest)


def pruner_of(name: str, epochs: int) -> optuna.pruners.BasePruner:
    """Median stopping (Golovin et al. 2017), Hyperband (Li et al. 2018), or none."""
    from optuna import pruners

    if name == MEDIAN:
        # It stops nothing before the sampler has begun to learn.
        return pruners.MedianPruner(n_startup_trials=STARTUP, n_warmup_steps=1)
    if name == HYPERBAND:
        return pruners.HyperbandPruner(min_resource=1, max_resource=epochs, reduction_factor=3)
    return pruners.NopPruner()


def begun(study: optuna.Study) -> int:
    """Count the trials that have begun."""
    from optuna.trial import TrialState

    trials = study.get_trials(deepcopy=False)
    return sum(trial.state != TrialState.WAITING for trial in trials)


def has_learnt(study: optuna.Study) -> bool:
    """Tell whether any trial has done an epoch."""
    return any(trial.intermediate_values for trial in study.get_trials(deepcopy=False))


def best_of(study: optuna.Study) -> optuna.trial.FrozenTrial | None:
    """Give the best trial that was trained to its end, of equals the first; None for none."""
    from optuna.trial import TrialState

    ended = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    sign = 1.0 if study.direction.name == "MINIMIZE" else -1.0

    def place(trial: optuna.trial.FrozenTrial) -> tuple[float, int]:
        return sign * float(trial.value or 0.0), trial.number

    return min(ended, key=place, default=None)


def twin_of(study: optuna.Study, number: int) -> optuna.trial.FrozenTrial | None:
    """Give an earlier trial with the same values that was trained to its end, or was pruned; None
    for none."""
    from optuna.trial import TrialState

    states = (TrialState.COMPLETE, TrialState.PRUNED)
    params = study.get_trials(deepcopy=False)[number].params
    earlier = study.get_trials(deepcopy=False, states=states)
    return next((x for x in earlier if x.params == params and x.number < number), None)


def importances(study: optuna.Study) -> dict[str, Any]:
    """Give each field's share of what the metric's variance comes from (fANOVA over a forest,
    Hutter et al. 2014), by PED-ANOVA (Watanabe et al. 2023) where scikit-learn is not installed."""
    import optuna

    try:
        import sklearn  # noqa: F401
    except ImportError:
        return dict(
            optuna.importance.get_param_importances(
                study, evaluator=optuna.importance.PedAnovaImportanceEvaluator()
            )
        )
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=1)
    return dict(optuna.importance.get_param_importances(study, evaluator=evaluator))
