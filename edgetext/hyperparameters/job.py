"""What a search is: the same in each process that works on it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.hyperparameters.space import Space, space_of
from edgetext.hyperparameters.study import MEDIAN
from edgetext.recipe import ComponentConfig, Recipe
from edgetext.studies.plan import as_stored, known_plan, other_search, write_plan
from edgetext.studies.study import JOURNAL
from edgetext.tasks.metrics import LOWER
from edgetext.tasks.task import task_of

PLAN = "search.json"


@dataclass(frozen=True, slots=True)
class Job:
    """A search over a recipe.

    path, overrides: of the recipe. folder: of the search. metric: of the validation split, which
    decides; None for what the recipe's training chooses its epoch by. pruner: one of
    study.PRUNERS. trials: how many may begin, of all commands together. deadline: of time.time(),
    or None.
    """

    path: str
    overrides: tuple[str, ...]
    folder: Path
    space: Space
    metric: str | None
    pruner: str
    trials: int
    deadline: float | None = None

    def recipe(self, *further: str) -> Recipe:
        """Load the recipe with its overrides and further ones. Trials note their runs in files, and
        not on the console, where they would stand among each other."""
        recipe = Recipe.load(self.path, [*self.overrides, *self.monitored(), *further])
        chosen = [each for each in recipe.monitors or () if each.type not in ("console", "csv")]
        recipe.monitors = [ComponentConfig(type="csv"), *chosen]
        return recipe

    def monitored(self) -> list[str]:
        """Give the override by which training keeps the epoch that is best by `metric`."""
        if self.metric is None:
            return []
        name = self.metric.removeprefix("-")
        lowest = self.metric.startswith("-") or name in LOWER
        return [f"training.monitor={'-' if lowest else ''}{name}"]

    def watched(self, recipe: Recipe) -> tuple[str, bool]:
        """Give the name of the metric that decides, and whether the lowest is best."""
        first = (recipe.training.monitor or task_of(recipe.task).monitor)[0]
        return first.removeprefix("-"), first.startswith("-")

    def is_over(self) -> bool:
        """Tell whether the time is over."""
        return self.deadline is not None and time.time() > self.deadline


def goes_on(job: Job, recipe: Recipe, *, learnt: bool) -> bool:
    """Tell whether the folder holds this very search, and note in it what the search is otherwise.

    learnt: whether a trial of the folder's has done an epoch; until then another search may take
    its place. EdgetextError where the folder holds something else.
    """
    path = job.folder / PLAN
    plan = as_stored(
        {
            "recipe": recipe.resolved(),
            "space": job.space.as_json(),
            "metric": job.watched(recipe)[0],
            "pruner": job.pruner,
        }
    )
    known = known_plan(path)
    if known == plan:
        return True
    if learnt:
        odd = next(name for name in plan if (known or {}).get(name) != plan[name])
        raise other_search(job.folder, odd)
    (job.folder / JOURNAL).unlink(missing_ok=True)
    write_plan(path, plan)
    return False


def job_of(
    path: str,
    overrides: Sequence[str],
    folder: Path | None,
    space: Path | None,
    words: Sequence[str],
    *,
    metric: str | None = None,
    pruner: str = MEDIAN,
    trials: int = 20,
    minutes: float | None = None,
) -> Job:
    """Put a job together of what `search-params` is given; EdgetextError for what is wrong there.

    folder: by default NAME-search, with the recipe's name.
    """
    deadline = None if minutes is None else time.time() + 60 * minutes
    recipe = Recipe.load(path, overrides)
    chosen = space_of(recipe, path, overrides, space, words)
    output = folder or Path(f"{recipe.name}-search")
    return Job(path, tuple(overrides), output, chosen, metric, pruner, trials, deadline)
