"""`compress`: the whole of it, from a teacher and limits to the file that ships."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.core.files import alone_in, atomic_path, read_bytes, write_text
from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.search.front import page, picture, shown
from edgetext.search.limits import Limits
from edgetext.search.make import Maker
from edgetext.search.measure import quality
from edgetext.search.record import Record
from edgetext.search.search import Search
from edgetext.search.space import Space
from edgetext.targets import catalog
from edgetext.tasks.metrics import LOWER, in_points, watched
from edgetext.tasks.task import Task, task_of
from edgetext.timing.variants import write_variant
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import judge
from edgetext.training.run import set_threads
from edgetext.training.splits import load_splits
from edgetext.training.teachers import check_can_teach

_log = logger(__name__)

BEST = "best"
PLAN = "compress.json"
# A trial's share of the epochs of a full training.
SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found: the record of the fully trained model, its files in the folder, its metrics
    on the test split and the teacher's, and a sentence for each limit that is passed."""

    record: Record
    files: list[Path]
    test: dict[str, float]
    teacher_test: dict[str, float]
    failed: list[str]


def compress(
    teacher: Path,
    limits: Limits,
    folder: Path,
    *,
    runtime: str = "onnx",
    trials: int = 20,
    minutes: float | None = None,
    metrics: Sequence[str] = (),
    recipe: Recipe | None = None,
) -> Outcome:
    """Search below a teacher for the model that loses least within the limits; write it to
    `folder` as best.pt with its artifacts, its card, and the front as front.svg and front.html.

    metrics: whose drop counts, the worst of them; by default `Task.quality_metrics`, of several
    tasks one each. recipe: the data and the student to begin with; by default the teacher's.
    The validation split decides; the test split is measured for the winner alone. A search that
    was stopped goes on when called again.
    EdgetextError for what cannot be searched, and for a size below that of the text graph.
    """
    deadline = None if minutes is None else time.monotonic() + 60 * minutes
    model = Model.load(teacher)
    check_can_teach(model)
    recipe = _recipe_of(model, recipe)
    model = model.with_data_of(recipe)
    set_threads(recipe.training)
    splits = load_splits(recipe)
    suffixes = catalog.searched()[runtime]
    space = Space.below(model.header, recipe, suffixes)
    assert space.recipe.student is not None
    task = task_of(recipe.task, model.header.labels)
    valid, early = _judged(teacher, model, splits.valid, recipe.strict, task)
    names = watched(metrics, valid, task.quality_metrics)
    maker = Maker(model, space, splits, suffixes)
    epochs = max(2, round(SHARE * space.recipe.student.training.epochs))
    search = Search(maker, limits, folder, valid, names, epochs, early, deadline)
    plan: dict[str, Any] = {
        "teacher_sha256": model.digest(),
        "limits": limits.as_json(),
        "runtime": runtime,
        "metrics": names,
        "epochs": epochs,
        "precisions": list(space.precisions),
    }
    if not _goes_on(folder, plan):
        _check_floor(maker, limits)
        write_text(folder / PLAN, json.dumps(plan, indent=1))
    points = ", ".join(f"{name} {in_points(name, valid[name]):.2f}" for name in names)
    _log.info(f"teacher on the validation split: {points}")
    with alone_in(folder):
        search.run(trials, recipe.seed)
        record, files, met = search.final()
        written = _publish(files, folder)
        _draw(search, recipe.name, record, folder)
    artifacts = [path for path in written if path.suffix in suffixes]
    worst = _worst(artifacts, splits.test, names)
    before = _before(model, teacher, splits.test, names, bool(early))
    assert record.cost is not None
    failed = [] if met else limits.in_words(record.cost)
    return Outcome(record, written, worst, before, failed)


def _before(
    model: Model, teacher: Path, examples: Sequence[Example], names: Sequence[str], again: bool
) -> dict[str, float]:
    """The teacher's metrics on the test split, which are measured where it does not say them."""
    known = model.header.metrics.get("test", {})
    if again or not set(names) <= set(known):
        return quality(teacher, examples, names)
    return known


def _judged(
    teacher: Path, model: Model, examples: Sequence[Example], strict: bool, task: Task[Any]
) -> tuple[dict[str, float], list[str]]:
    """Measure the teacher on the validation split: its metrics, and what training watches instead
    of the files' where it does not know those."""
    metrics = judge(model.network, EncodedSet.of_model(model, examples, strict)).figures
    if set(task.quality_metrics) <= set(metrics):
        return metrics, []
    return metrics | quality(teacher, examples), [task.monitor[0].removeprefix("-")]


def _worst(
    files: Sequence[Path], examples: Sequence[Example], names: Sequence[str]
) -> dict[str, float]:
    """Measure files that are one model: of each metric the worst."""
    measured = [quality(path, examples, names) for path in files]
    return {
        name: (max if name in LOWER else min)(metrics[name] for metrics in measured)
        for name in measured[0]
    }


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


def _goes_on(folder: Path, plan: dict[str, Any]) -> bool:
    """Whether the folder holds this very search; EdgetextError when it holds something else."""
    path = folder / PLAN
    if path.exists():
        try:
            known = json.loads(read_bytes(path))
        except ValueError:
            known = {}
        odd = [name for name, value in plan.items() if known.get(name) != value]
        if odd:
            raise EdgetextError(
                f"{folder}: holds a search with other {odd[0].replace('_', ' ')}; give another "
                "folder with -o"
            )
        return True
    if folder.exists() and any(folder.iterdir()):
        raise EdgetextError(f"{folder}: there are other files in it; give an empty folder with -o")
    return False


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


def _publish(files: dict[str, Path], folder: Path) -> list[Path]:
    """The files as best.*, the card among them; each appears whole."""
    card = files[".pt"].with_suffix(".md")
    written = []
    for path in (*files.values(), *([card] if card.exists() else [])):
        target = folder / f"{BEST}{path.suffix}"
        with atomic_path(target) as temporary:
            shutil.copyfile(path, temporary)
        written.append(target)
    return written


def _draw(search: Search, name: str, final: Record, folder: Path) -> None:
    rows, finals = search.records.rows, [replace(final)]
    write_text(folder / "front.svg", picture(shown(rows, finals)))
    write_text(folder / "front.html", page(name, search.teacher, search.limits, rows, finals))
