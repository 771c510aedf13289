"""multi: several tasks over one encoder, each with a head and outputs of its own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.parts import part_of, split_spec
from edgetext.registry import register
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import BatchLike, Labels, Names, Numbers, Task, task_of
from edgetext.tasks.words import IGNORE

if TYPE_CHECKING:
    from torch import Tensor, nn

    from edgetext.recipe import TrainingConfig
    from edgetext.text.vocabulary import Encoding

# Whose example a row of a batch is, by its place among the parts.
WHOSE = "task"
# The kind of labels that names the parts, each as "name=task".
PARTS = "tasks"


@register("task", "multi")
class Multi(Task):
    """Labels, scores, targets, outputs and metrics are the parts', each called "part.name".

    An example belongs to the part that its `task` names, as "part=task". After `bound` the object
    knows its parts; before, it can only collect labels.
    """

    name = "multi"
    head = "multi"
    monitor = ("mean",)
    needs_words = True
    has_parts = True

    def __init__(self, parts: Mapping[str, Task] | None = None) -> None:
        self.parts = dict(parts or {})
        self.outputs = (
            *(f"{name}.{output}" for name, part in self.parts.items()
              for output in part.outputs[:-1]),
            "truncated",
        )  # fmt: skip

    @property
    def watched(self) -> tuple[str, ...]:
        return tuple(f"{n}.{metric}" for n, part in self.parts.items() for metric in part.watched)

    def bound(self, names: Names) -> Multi:
        return Multi({name: task_of(kind) for name, kind in map(split_spec, names[PARTS])})

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        specs = list(dict.fromkeys(example.task for example in examples))
        found: dict[str, list[str]] = {PARTS: specs}
        for name, part in self.bound(found).parts.items():
            own = [e for e in examples if split_spec(e.task)[0] == name]
            if type(part).encode is not Task.encode:
                raise EdgetextError(
                    f"tasks.{name}: task {part.name} reads texts in a way of its own and can be no "
                    "part of several; give it a recipe of its own"
                )
            try:
                labels = part.labels(own)
            except EdgetextError as error:
                raise EdgetextError(f"tasks.{name}: {error}") from error
            found |= {f"{name}.{kind}": list(values) for kind, values in labels.items()}
        return found

    def names(self, labels: Labels) -> dict[str, list[str]]:
        found = {"intent": [], "slots": [], PARTS: list(labels[PARTS])}
        for name, part in self.parts.items():
            published = part.names(part_of(name, labels))
            found |= {f"{name}.{kind}": values for kind, values in published.items()}
        return found

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        name, part = self._part(example)
        for kind, word, label in part.used(example):
            yield f"{name}.{kind}", word, label

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        """The part's own targets; IGNORE in the place of the others'."""
        whose, _ = self._part(example)
        found: dict[str, np.ndarray | int] = {WHOSE: list(self.parts).index(whose)}
        nobody = Example(example.text, None)
        for name, part in self.parts.items():
            own = name == whose
            targets = part.targets(example if own else nobody, encoding, part_of(name, numbers))
            for key, target in targets.items():
                empty = np.full_like(target, IGNORE) if not isinstance(target, int) else IGNORE
                found[f"{name}.{key}"] = target if own else empty
        return found

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        """The parts' losses on their own rows, weighted by how many rows there are."""
        total: Any = 0
        for name, part, rows, share in self._rows_of(batch):
            own = part_of(name, _taken(scores, rows))
            total = total + share * part.loss(own, _sub(name, batch, rows), config)
        return total

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        total: Any = 0
        for name, part, rows, share in self._rows_of(batches[0]):
            here, there = (_sub(name, batch, rows) for batch in batches)
            own, taught = (part_of(name, _taken(x, rows)) for x in (scores, wanted))
            total = total + share * part.soft_loss(own, taught, (here, there), temperature, config)
        return total

    def _rows_of(self, batch: BatchLike) -> Iterator[tuple[str, Task, Tensor, float]]:
        """The parts that a batch has examples of: their rows int64[n], and their share of it."""
        whose = batch.targets[WHOSE]
        for k, (name, part) in enumerate(self.parts.items()):
            rows = (whose == k).nonzero().reshape(-1)
            if len(rows):
                yield name, part, rows, len(rows) / len(whose)

    def decoder(self, labels: Labels) -> nn.Module:
        from edgetext.models.decoders.labels import MultiDecoder

        return MultiDecoder(
            {
                n: (part.decoder(part_of(n, labels)), part.needs_words)
                for n, part in self.parts.items()
            }
        )

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        *rest, truncated = outputs
        parts, at = {}, 0
        for name, part in self.parts.items():
            count = len(part.outputs) - 1
            parts[name] = part.read((*rest[at : at + count], truncated), part_of(name, names))
            at += count
        return Prediction(truncated=bool(truncated.reshape(-1)[0]), parts=parts)

    def measure(self, examples: Sequence[Example], found: Sequence[Prediction]) -> dict[str, float]:
        """Each part's metrics on its own examples, and "mean" of the first that each monitors."""
        metrics: dict[str, float] = {}
        first = []
        for name, part in self.parts.items():
            rows = [i for i, e in enumerate(examples) if split_spec(e.task)[0] == name]
            if rows:
                answers = [found[i].parts[name] for i in rows]
                own = part.measure([examples[i] for i in rows], answers)
                metrics |= {f"{name}.{metric}": value for metric, value in own.items()}
                first.append(own[part.monitor[0]])
        return {**metrics, "mean": sum(first) / max(1, len(first))}

    def decisions(self, example: Example, answer: Prediction) -> Iterator[tuple[str, str, str]]:
        name, part = self._part(example)
        for kind, gold, found in part.decisions(example, answer.parts[name]):
            yield f"{name} {kind}", gold, found

    def same(self, one: Prediction, other: Prediction) -> bool:
        return all(p.same(one.parts[name], other.parts[name]) for name, p in self.parts.items())

    def finds_nothing(self, answer: Prediction) -> bool:
        """Tell whether one of the tasks finds nothing."""
        return any(part.finds_nothing(answer.parts[name]) for name, part in self.parts.items())

    def settled(self, answer: Prediction) -> bool:
        return all(part.settled(answer.parts[name]) for name, part in self.parts.items())

    def agree(self, expected: Prediction, found: Prediction) -> bool:
        return all(
            part.agree(expected.parts[name], found.parts[name]) for name, part in self.parts.items()
        )

    def to_row(self, answer: Prediction, names: Names) -> dict[str, Any]:
        """{part: its row, ...} and "truncated"."""
        rows: dict[str, Any] = {
            name: part.to_row(answer.parts[name], part_of(name, names))
            for name, part in self.parts.items()
        }
        return {"parts": rows, "truncated": answer.truncated}

    def from_row(self, row: Mapping[str, Any], names: Names) -> Prediction:
        parts = {
            name: part.from_row(row["parts"][name], part_of(name, names))
            for name, part in self.parts.items()
        }
        return Prediction(truncated=bool(row["truncated"]), parts=parts)

    def _part(self, example: Example) -> tuple[str, Task]:
        name = split_spec(example.task)[0]
        if name not in self.parts:
            raise EdgetextError(
                f"{example.source}: the line is of none of the model's tasks "
                f"({', '.join(self.parts)}); give data from a recipe with `tasks:` of these names"
            )
        return name, self.parts[name]


def _taken(scores: Mapping[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
    return {name: score[rows] for name, score in scores.items()}


def _sub(name: str, batch: Any, rows: Tensor) -> BatchLike:
    """The rows of a batch that are one part's, with its targets under its own names."""
    changed = {field: getattr(batch, field)[rows] for field in ("ids", "mask", "first")}
    sub: BatchLike = replace(batch, **changed, targets=part_of(name, _taken(batch.targets, rows)))
    return sub
