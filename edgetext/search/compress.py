"""`compress`: the whole of it, from a teacher and limits to the file that ships."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from edgetext.core.files import atomic_path, in_turn, write_text
from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.search.front import page, picture, shown
from edgetext.search.job import Job, prepared, run, work
from edgetext.search.limits import Limits
from edgetext.search.measure import quality
from edgetext.search.record import Record
from edgetext.search.search import Search
from edgetext.studies.workers import check_is_one_process, work_together
from edgetext.tasks.metrics import LOWER

BEST = "best"


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
    workers: int = 1,
) -> Outcome:
    """Search below a teacher for the model that loses least within the limits; write it to
    `folder` as best.pt with its artifacts, its card, and the front as front.svg and front.html.

    metrics: whose drop counts, the worst of them; by default `Task.quality_metrics`, of several
    tasks one each. recipe: the data and the student to begin with; by default the teacher's.
    workers: processes that share the trials; so do calls in several programs. The validation split
    decides; the test split is measured for the winner alone. A search that was stopped goes on when
    called again.
    EdgetextError for what cannot be searched, and for a size below that of the text graph.
    """
    check_is_one_process("compress")
    deadline = None if minutes is None else time.monotonic() + 60 * minutes
    job = Job(teacher, limits, folder, runtime, trials, deadline, tuple(metrics), recipe)
    search = prepared(job)
    work_together(partial(run, search, job), work, job, workers)
    final = folder / "final"
    final.mkdir(exist_ok=True)
    # Another process may have come to its end as well, and waits then: what the last one writes is
    # of all trials.
    with in_turn(final):
        search.records.refresh()
        record, files, met = search.final()
        written = _publish(files, folder)
        _draw(search, search.maker.space.recipe.name, record, folder)
        maker, names = search.maker, search.metrics
        artifacts = [path for path in written if path.suffix in maker.suffixes]
        worst = _worst(artifacts, maker.splits.test, names)
    before = _before(maker.teacher, teacher, maker.splits.test, names, bool(search.early))
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


def _worst(
    files: Sequence[Path], examples: Sequence[Example], names: Sequence[str]
) -> dict[str, float]:
    """Measure files that are one model: of each metric the worst."""
    measured = [quality(path, examples, names) for path in files]
    return {
        name: (max if name in LOWER else min)(metrics[name] for metrics in measured)
        for name in measured[0]
    }


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
