"""`edgetext.compress`: a budget in, the model that keeps it out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.api.given import AnyPath, AnyRecipe, as_recipe
from edgetext.core.errors import EdgetextError
from edgetext.search import compress as search
from edgetext.search.compress import Outcome
from edgetext.search.limits import Limits, bytes_of, milliseconds_of


def compress(
    teacher: AnyPath,
    output: AnyPath | None = None,
    *,
    max_size: int | str | None = None,
    max_latency: float | str | None = None,
    max_drop: float | None = None,
    metrics: Sequence[str] = (),
    runtime: str = "onnx",
    trials: int = 20,
    minutes: float | None = None,
    recipe: AnyRecipe | None = None,
    workers: int = 1,
) -> Outcome:
    """Search below a teacher, a checkpoint, for the model that loses least within a budget.

    output: the folder of the search; by default NAME-compressed beside the teacher. max_size: of
    the file, in bytes or as "400kB". max_latency: p50 from text to answer, in milliseconds or as
    "0.3ms". max_drop: how many points (of 100) a metric may fall below the teacher's. metrics:
    whose drop counts; by default those that the task is judged by. runtime: "onnx", "executorch" or
    "both". trials: short trainings. minutes: how long the search may take. recipe: data and student
    to begin with; by default the teacher's. workers: processes that share the trials, which import
    the program anew, so that it must guard what it runs by `if __name__ == "__main__"`. A search
    that was stopped goes on when called again.
    EdgetextError where no limit is given, and for what cannot be searched.

    >>> best = edgetext.compress("snips_joint.pt", max_size="400kB", max_latency="0.3ms")
    >>> best.files, best.test
    """
    path = Path(teacher)
    limits = Limits(
        bytes_of(max_size) if isinstance(max_size, str) else max_size,
        milliseconds_of(max_latency) if isinstance(max_latency, str) else max_latency,
        max_drop,
    )
    if limits == Limits():
        raise EdgetextError("give a limit: max_size, max_latency or max_drop")
    return search.compress(
        path,
        limits,
        compressed_path(path) if output is None else Path(output),
        runtime=runtime,
        trials=trials,
        minutes=minutes,
        metrics=metrics,
        recipe=None if recipe is None else as_recipe(recipe),
        workers=workers,
    )


def compressed_path(teacher: Path) -> Path:
    """Return the folder in which `compress` searches by default."""
    return teacher.with_name(f"{teacher.stem}-compressed")
