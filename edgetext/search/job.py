"""What a search is: the same in each process that works on it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import in_turn, make_folder
from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.search.limits import Limits
from edgetext.search.make import Maker
from edgetext.search.measure import quality
from edgetext.search.search import Search
from edgetext.search.space import Space
from edgetext.starter.telling import bytes_tell_words
from edgetext.studies.plan import as_stored, known_plan, other_search, write_plan
from edgetext.targets import catalog
from edgetext.tasks.metrics import in_points, watched
from edgetext.tasks.task import Task, task_of
from edgetext.timing.variants import write_variant
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import judge
from edgetext.training.run import set_threads
from edgetext.training.splits import load_splits
from edgetext.training.streaming import held
from edgetext.training.teachers import check_can_teach

_log = logger(__name__)

PLAN = "compress.json"
# A trial's share of the epochs of a full training.
SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Job:
    """What compress.compress is given; deadline: of time.monotonic, or None."""

    teacher: Path
    limits: Limits
    folder: Path
    runtime: str
    trials: int
    deadline: float | None
    metrics: tuple[str, ...]
    recipe: Recipe | None


def prepared(job: Job) -> Search:
    """Read the teacher and the data, and open the folder of a job or begin it.

    EdgetextError for what cannot be searched, for a size below that of the text graph, and where
    the folder holds something else.
    """
    model = Model.load(job.teacher)
    check_can_teach(model)
    if model.header.calibration:
        # Students have none of it, and a network that is cut down has it all: they do not compare.
        raise EdgetextError(
            f"{model} is calibrated; give the checkpoint that it was made of, and run `edgetext "
            "calibrate` on the best model that is found"
        )
    recipe = _recipe_of(model, job.recipe)
    model = model.with_data_of(recipe)
    set_threads(recipe.training)
    splits = load_splits(recipe)
    suffixes = catalog.searched()[job.runtime]
    hashed = bytes_tell_words(held(splits.train))
    space = Space.below(model.header, recipe, suffixes, hashed=hashed)
    assert space.recipe.student is not None
    task = task_of(recipe.task, model.header.labels)
    valid, early = _judged(job.teacher, model, splits.valid, recipe.strict, task)
    names = watched(job.metrics, valid, task.quality_metrics)
    maker = Maker(model, space, splits, suffixes)
    epochs = max(2, round(SHARE * space.recipe.student.training.epochs))
    plan: dict[str, Any] = {
        "teacher_sha256": model.digest(),
        "limits": job.limits.as_json(),
        "runtime": job.runtime,
        "metrics": list(names),
        "epochs": epochs,
        "precisions": list(space.precisions),
        "texts": list(space.texts),
        "recipe": recipe.resolved(),
    }
    _open(job, as_stored(plan), maker)
    points = ", ".join(f"{name} {in_points(name, valid[name]):.2f}" for name in names)
    _log.info(f"teacher on the validation split: {points}")
    return Search(maker, job.limits, job.folder, valid, names, epochs, early, job.deadline)


def run(search: Search, job: Job) -> None:
    """Try choices in this process until the job has enough trials, or its time is over.

    StoppedError where Ctrl-C came.
    """
    recipe = search.maker.space.recipe
    set_threads(recipe.training)
    search.run(job.trials, recipe.seed)


def work(job: Job) -> None:
    """Try choices in a process of its own; see run."""
    run(prepared(job), job)


def _open(job: Job, plan: dict[str, Any], maker: Maker) -> None:
    """Begin the job's folder, or see that it holds this very search; EdgetextError where it holds
    something else, and for a size below that of the text graph."""
    if _goes_on(job.folder, plan):
        return
    # Before there is a folder.
    _check_floor(maker, job.limits)
    make_folder(job.folder)
    with in_turn(job.folder):
        # Another process may have begun it meanwhile.
        if not _goes_on(job.folder, plan):
            write_plan(job.folder / PLAN, plan)


def _goes_on(folder: Path, plan: dict[str, Any]) -> bool:
    """Tell whether the folder holds this very search; EdgetextError where it holds something
    else."""
    known = known_plan(folder / PLAN)
    if known is None:
        return False
    # A search of an earlier edgetext does not say its recipe, or not the fields that came since.
    recipe = known.get("recipe")
    known["recipe"] = plan["recipe"] if recipe is None else _completed(recipe)
    odd = next((name for name, value in plan.items() if known.get(name) != value), None)
    if odd is not None:
        raise other_search(folder, odd)
    return True


def _completed(recipe: Any) -> Any:
    """Give a recipe with the defaults of fields that it does not say; as it is where it is none."""
    try:
        return Recipe.from_dict(recipe, source=PLAN).resolved()
    except EdgetextError:
        return recipe


def _judged(
    teacher: Path, model: Model, examples: Sequence[Example], strict: bool, task: Task[Any]
) -> tuple[dict[str, float], list[str]]:
    """Measure the teacher on the validation split: its metrics, and what training watches instead
    of the files' where it does not know those."""
    metrics = judge(model.network, EncodedSet.of_model(model, examples, strict)).figures
    if set(task.quality_metrics) <= set(metrics):
        return metrics, []
    return metrics | quality(teacher, examples), [task.monitor[0].removeprefix("-")]


def _recipe_of(teacher: Model, given: Recipe | None) -> Recipe:
    """Give the recipe that was asked for, else the teacher's own; EdgetextError where it is of
    another task."""
    recipe, task = given or teacher.recipe(), teacher.header.task
    if recipe.task != task:
        raise EdgetextError(
            f"recipe {recipe.name}: its task is {recipe.task}, and that of {teacher} is {task}; "
            "give a recipe of that task"
        )
    return recipe


def _check_floor(maker: Maker, limits: Limits) -> None:
    """EdgetextError when even a file that is hardly more than the text graph is too large."""
    if limits.size is None:
        return
    with tempfile.TemporaryDirectory() as probe:
        path = maker.untrained(maker.space.smallest(), Path(probe, "smallest.pt"))
        sizes = {
            suffix: write_variant(path, path.with_suffix(suffix)).stat().st_size
            for suffix in maker.suffixes
        }
    suffix, size = max(sizes.items(), key=lambda item: item[1])
    if size > limits.size:
        pieces = maker.space.smallest()["vocabulary"]
        raise EdgetextError(
            f"--max-size {limits.size:,} bytes: the text graph of {pieces:,} pieces, the labels "
            f"and the smallest network already take {size:,} in a {suffix} file; allow more"
        )
