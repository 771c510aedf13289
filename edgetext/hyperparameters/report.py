"""What a search found, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgetext.core.tables import aligned
from edgetext.hyperparameters.job import Job
from edgetext.hyperparameters.space import as_yaml
from edgetext.hyperparameters.study import best_of, importances
from edgetext.tasks.metrics import in_points

if TYPE_CHECKING:
    import optuna

# Fewer trials say nothing of what matters.
ENOUGH = 10
_STATES = {"COMPLETE": "done", "PRUNED": "pruned", "FAIL": "failed", "RUNNING": "not over"}


class _Stored:
    """Suggests what a trial has already, so that a Space reads its values."""

    def __init__(self, params: dict[str, object]) -> None:
        self.params = params

    def suggest_categorical(self, name: str, choices: object) -> object:
        return self.params[name]

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        return float(str(self.params[name]))

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        return int(str(self.params[name]))


def trials_table(study: optuna.Study, job: Job) -> str:
    """A line a trial: values, the metric of the epoch that was kept (of one that was pruned, of its
    last), epochs, seconds and state."""
    metric, _ = job.watched(job.recipe())
    names = list(job.space.domains)
    best = best_of(study)
    rows = []
    for trial in study.get_trials(deepcopy=False):
        if trial.state.name not in _STATES:
            continue
        whole = set(names) <= set(trial.params)
        values = job.space.suggest(_Stored(trial.params)) if whole else {}
        reported = trial.intermediate_values
        value = trial.value if trial.value is not None else reported.get(max(reported, default=0))
        twin = trial.user_attrs.get("twin")
        state = _STATES[trial.state.name] if twin is None else f"as {twin}"
        rows.append(
            (
                f"{trial.number}",
                *(as_yaml(values[name]) if name in values else "" for name in names),
                "" if value is None else f"{in_points(metric, value):.2f}",
                f"{max(reported, default=0)}",
                f"{trial.user_attrs.get('seconds', 0):.0f}",
                "best" if best is not None and trial.number == best.number else state,
            )
        )
    short = [name.removeprefix("training.") for name in names]
    return aligned(("trial", *short, metric, "epochs", "seconds", "state"), rows)


def importance_table(study: optuna.Study) -> str:
    """A line a field; "" for fewer trials than ENOUGH, and where all of them came out alike."""
    ended = [trial.value for trial in study.get_trials(deepcopy=False) if trial.value is not None]
    if len(ended) < ENOUGH or len(set(ended)) == 1:
        return ""
    try:
        shares = importances(study)
    except (ValueError, RuntimeError):  # too few that were trained to their end
        return ""
    rows = [(name, f"{share:.2f}") for name, share in shares.items()]
    return aligned(("field", "importance"), rows)
