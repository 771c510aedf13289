"""`bench speed`: what ships against what it learnt from, how many times as fast.

The teacher of a recipe in eager PyTorch and its int8 student's files, all untrained, for what an
answer costs depends on their shapes: no training is needed to know it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.targets import catalog
from edgetext.timing import statistics
from edgetext.timing.contenders import entries
from edgetext.timing.untrained import small_recipe, untrained
from edgetext.timing.variants import write_variant
from edgetext.training.splits import Splits
from edgetext_bench.rows import AS_IS, Row, cell_of
from edgetext_bench.run import describe
from edgetext_bench.taking import Taking

EAGER = "eager"
# All that is asked of them.
KINDS = ("latency",)


@dataclass(frozen=True, slots=True)
class Speed:
    """One file against the teacher of its recipe. p50 in µs; ratio: the teacher's time ÷ the
    file's, more is faster, and the ends of its 95 % interval."""

    recipe: str
    file: str
    teacher: float
    p50: float
    ratio: tuple[float, float, float]


def make(
    recipe: Recipe, splits: Splits, folder: Path, say: Callable[[str], None] = lambda text: None
) -> list[Taking]:
    """The teacher as a checkpoint and the int8 student as files, in `folder`, written where they
    are not there yet, as contenders."""
    folder.mkdir(parents=True, exist_ok=True)
    teacher, student = (folder / f"{recipe.name}-{part}.pt" for part in ("teacher", "int8"))
    for path, shape, int8 in ((teacher, recipe, False), (student, small_recipe(recipe), True)):
        if not path.exists():
            say(f"making {path.name}")
            untrained(shape, splits, int8).save(path)
    paths = [teacher]
    for suffix in catalog.measured_artifacts():
        paths.append(student.with_suffix(suffix))
        if not paths[-1].exists():
            say(f"writing {paths[-1].name}")
            write_variant(student, paths[-1])
    predictors = {str(path): load(path) for path in paths}
    return [
        Taking(entry, describe(Path(entry.path), predictor), predictor.task)
        for entry in entries(paths)
        for predictor in [predictors[entry.path]]
        if entry.runtime == EAGER or not catalog.is_checkpoint(Path(entry.path))
    ]


def speeds(rows: Sequence[Row]) -> Iterator[Speed]:
    """Each file beside the teacher of its recipe."""
    timed = [row for row in rows if row["status"] == "ok" and cell_of(row).length == AS_IS]
    teachers = {row["file"]["model"]: row for row in timed if cell_of(row).runtime == EAGER}
    for row in timed:
        teacher = teachers.get(row["file"]["model"])
        if teacher is None or row is teacher:
            continue
        own, slow = (r["measured"]["round_p50_us"] for r in (row, teacher))
        middle, (low, high) = statistics.compared(own, slow)
        yield Speed(
            row["file"]["model"],
            row["file"]["name"],
            teacher["measured"]["p50_us"],
            row["measured"]["p50_us"],
            (middle, low, high),
        )
