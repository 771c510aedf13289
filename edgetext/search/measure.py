"""What a file costs and answers, measured on the file itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from edgetext.core.files import in_turn
from edgetext.data.example import Example
from edgetext.model.checkpoint import Checkpoint
from edgetext.predictor import load
from edgetext.search.limits import Cost
from edgetext.tasks.metrics import loss_in_points, with_macro_f1
from edgetext.timing.quietest import quietest
from edgetext.timing.texts import questions, sample

TEXTS = 50
ROUNDS = 10


@dataclass(frozen=True, slots=True)
class FileCost:
    """bytes; p50_ms from text to answer on one core; metrics 0 to 1, {} where not measured."""

    bytes: int
    p50_ms: float
    metrics: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def weight(checkpoint: Path) -> int:
    """Bytes of a checkpoint's tensors, without which no file of it can be."""
    tensors = Checkpoint.load(checkpoint).tensors.values()
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def file_cost(
    path: Path,
    examples: Sequence[Example],
    turns: Path,
    names: Sequence[str] = (),
    *,
    answered: bool = True,
) -> FileCost:
    """Of an artifact on the examples; names: see `quality`; answered: whether its answers are
    looked at. turns: a folder; of the processes that give it one at a time measures latency."""
    metrics = quality(path, examples, names) if answered else {}
    with in_turn(turns):
        p50 = latency(path, examples)
    return FileCost(path.stat().st_size, p50, metrics)


def latency(path: Path, examples: Sequence[Example]) -> float:
    """Milliseconds from text to answer, one text after the other, in a fresh process on one core.

    The median of the quietest of ROUNDS rounds over TEXTS texts; see timing.quietest.
    """
    return quietest(path, questions(sample(examples, TEXTS, seed=1)), ROUNDS) / 1e3


def quality(path: Path, examples: Sequence[Example], names: Sequence[str] = ()) -> dict[str, float]:
    """The task's metrics of an artifact's own answers, from bytes; "macro_f1" among them where the
    names have it."""
    predictor = load(path)
    asked = predictor.task.questions(examples)
    answers = [predictor.predict(*example.texts) for example in asked]
    metrics = predictor.task.measure(asked, answers)
    if set(names) <= set(metrics):
        return metrics
    return with_macro_f1(metrics, predictor.task.class_scores(asked, answers))


def drop(teacher: Mapping[str, float], metrics: Mapping[str, float], names: Sequence[str]) -> float:
    """The points (of 100) that the worst of the named metrics lies below the teacher's; negative
    where even that one is better."""
    return max(loss_in_points(name, teacher[name], metrics[name]) for name in names)


def total(
    files: Mapping[str, FileCost], teacher: Mapping[str, float], names: Sequence[str]
) -> Cost:
    """The worst of the files in each respect; without answers, a drop of 0."""
    drops = [drop(teacher, file.metrics, names) for file in files.values() if file.metrics]
    return Cost(
        size=max(file.bytes for file in files.values()),
        latency=max(file.p50_ms for file in files.values()),
        drop=max(drops, default=0.0),
    )
