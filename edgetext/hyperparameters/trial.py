"""One trial: values are chosen, the recipe is trained with them, and ended where others are better.

Its files are named by its number: 0003.yaml is the recipe, 0003.pt the model, 0003.run what
monitors noted, and 0003.pt.resume the state of a training that is not over.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.core.files import read_bytes, write_text
from edgetext.hyperparameters.job import Job
from edgetext.hyperparameters.recipe_file import with_values
from edgetext.hyperparameters.space import as_yaml
from edgetext.hyperparameters.study import has_learnt, twin_of
from edgetext.recipe import Recipe, find_recipe
from edgetext.studies.workers import is_orphan
from edgetext.tasks.metrics import in_points
from edgetext.training.loop import EndedEarlyError
from edgetext.training.run import run_folder, state_path, train
from edgetext.training.splits import Splits, load_splits

if TYPE_CHECKING:
    import optuna

_log = logger(__name__)


class PrunedError(EndedEarlyError):
    """Others were better after as many epochs."""


class OutOfTimeError(EndedEarlyError):
    """The minutes are over, or the process that started this one is gone."""


def trial_path(folder: Path, number: int, suffix: str) -> Path:
    """Name a file of a trial."""
    return folder / f"{number:04d}{suffix}"


@dataclass(slots=True)
class Trials:
    """Trains the trials of a job in this process; splits: the data, where no trial changes it."""

    job: Job
    splits: Splits | None = None

    def attempt(self, trial: optuna.Trial) -> None:
        """Train a trial, or go on with it, and tell the study what became of it.

        OutOfTimeError and StoppedError leave it as it is, to go on with. EdgetextError where the
        recipe cannot be trained at all, as the first trial shows.
        """
        from optuna.trial import TrialState

        begun = time.monotonic()
        study, number = trial.study, trial.number
        model_path = trial_path(self.job.folder, number, ".pt")
        values = self.job.space.suggest(trial)
        _log.info(f"trial {number}: {in_words(values)}")
        if (twin := twin_of(study, number)) is not None:
            _log.info(f"trial {number}: as trial {twin.number}, which has the same values")
            trial.set_user_attr("twin", twin.number)
            complete = twin.state == TrialState.COMPLETE
            study.tell(number, twin.value if complete else None, state=twin.state)
            return
        before = float(trial.user_attrs.get("seconds", 0.0))
        try:
            try:
                value = self._trained(trial, values, model_path)
            finally:
                trial.set_user_attr("seconds", round(before + time.monotonic() - begun, 1))
        except PrunedError:
            state_path(model_path).unlink(missing_ok=True)
            study.tell(number, state=TrialState.PRUNED)
            _log.info(f"trial {number}: pruned, others were better after as many epochs")
        except StoppedError:
            raise
        except EdgetextError as error:
            trial.set_user_attr("note", str(error))
            study.tell(number, state=TrialState.FAIL)
            if not has_learnt(study):
                raise
            _log.warning(f"trial {number} failed: {error}")
        else:
            study.tell(number, value)

    def _trained(self, trial: optuna.Trial, values: dict[str, Any], path: Path) -> float:
        """Train a trial to its end, and give the metric of the epoch that was kept."""
        fields = [f"{name}={as_yaml(value)}" for name, value in values.items()]
        recipe = self.job.recipe(*fields)
        write_text(path.with_suffix(".yaml"), written(self.job, values, trial.number))
        name, _ = self.job.watched(recipe)
        state = state_path(path)
        model = train(
            recipe,
            state,
            resume=state.exists(),
            splits=self._data(recipe),
            folder=run_folder(path),
            after_epoch=Watch(self, trial, name, recipe.training.epochs),
        )
        model.save(path)
        trial.set_user_attr("test", dict(model.header.metrics["test"]))
        value = float(model.header.metrics["valid"][name])
        _log.info(f"trial {trial.number}: {name} {in_points(name, value):.2f}")
        return value

    def _data(self, recipe: Recipe) -> Splits | None:
        """Read the data once, where no field that is searched has a part in it."""
        if self.job.space.touches("data", "tasks", "task", "text", "seed", "sampling_temperature"):
            return None
        if self.splits is None:
            self.splits = load_splits(recipe)
        return self.splits


@dataclass(slots=True)
class Watch:
    """Called after each epoch: reports it, and ends what is worse than others."""

    trials: Trials
    trial: optuna.Trial
    metric: str
    epochs: int

    def __call__(self, epoch: int, metrics: dict[str, float]) -> None:
        value = metrics[self.metric]
        number = self.trial.number
        self.trial.report(value, epoch)
        figure = f"{self.metric} {in_points(self.metric, value):.2f}"
        _log.info(f"trial {number}, epoch {epoch}/{self.epochs}: {figure}")
        if epoch < self.epochs and self.trial.should_prune():
            raise PrunedError
        if self.trials.job.is_over() or is_orphan():
            raise OutOfTimeError


def in_words(values: dict[str, Any]) -> str:
    """Write values as a line."""
    return ", ".join(f"{name}={as_yaml(value)}" for name, value in values.items())


def written(job: Job, values: dict[str, Any], number: int) -> str:
    """Write the job's recipe with a trial's values, and the overrides, in their places."""
    from edgetext.recipe.load import apply_override

    text = read_bytes(find_recipe(job.path)).decode("utf-8")
    changes: dict[str, Any] = {"name": job.recipe().name}
    for override in (*job.overrides, *job.monitored()):
        name = override.partition("=")[0].strip()
        section: dict[str, Any] = {}
        apply_override(section, override)
        for part in name.split("."):
            section = section[part]
        changes[name] = section
    origin = (
        f"# {changes['name']} with the values of trial {number} of a search; other comments are"
    )
    return f"{origin} the recipe's.\n" + with_values(text, {**changes, **values})
