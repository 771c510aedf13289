"""multi: several tasks over one encoder, each with a head and outputs of its own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.data.example import Example
from edgetext.errors import EdgetextError
from edgetext.models.decoders import MultiDecoder
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import BatchLike, Labels, Names, Task, task_of
from edgetext.tasks.words import IGNORE
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

    def __init__(self, parts: Mapping[str, Task] | None = None) -> None:
        self.parts = dict(parts or {})
        self.outputs = (
            *(f"{name}.{output}" for name, part in self.parts.items()
              for output in part.outputs[:-1]),
            "truncated",
        )  # fmt: skip

    def bound(self, names: Names) -> Multi:
        return Multi({name: task_of(kind) for name, kind in map(split_spec, names[PARTS])})

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        specs = list(dict.fromkeys(example.task for example in examples))
        found: dict[str, list[str]] = {PARTS: specs}
        for name, part in self.bound(found).parts.items():
            own = [e for e in examples if split_spec(e.task)[0] == name]
            try:
                labels = part.labels(own)
            except EdgetextError as error:
                raise EdgetextError(f"tasks.{name}: {error}") from error
            found |= {f"{name}.{kind}": list(values) for kind, values in labels.items()}
        return found

    def names(self, labels: Labels) -> dict[str, list[str]]:
        found = {"intent": [], "slots": [], PARTS: list(labels[PARTS])}
        for name, part in self.parts.items():
            published = part.names(_of(name, labels))
            found |= {f"{name}.{kind}": values for kind, values in published.items()}
        return found

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        name, part = self._part(example)
        for kind, word, label in part.used(example):
            yield f"{name}.{kind}", word, label

    def targets(
        self, example: Example, encoding: Encoding, labels: Labels
    ) -> dict[str, np.ndarray | int]:
        """The part's own targets; IGNORE in the place of the others'."""
        whose, _ = self._part(example)
        found: dict[str, np.ndarray | int] = {WHOSE: list(self.parts).index(whose)}
        nobody = Example(example.text, None)
        for name, part in self.parts.items():
            own = name == whose
            targets = part.targets(example if own else nobody, encoding, _of(name, labels))
            for key, target in targets.items():
                empty = np.full_like(target, IGNORE) if not isinstance(target, int) else IGNORE
                found[f"{name}.{key}"] = target if own else empty
        return found

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        """The parts' losses on their own rows, weighted by how many rows there are."""
        whose = batch.targets[WHOSE]
        losses = []
        for k, (name, part) in enumerate(self.parts.items()):
            rows = (whose == k).nonzero().reshape(-1)
            if len(rows):
                loss = part.loss(_rows(name, scores, rows), _sub(name, batch, rows), config)
                losses.append(loss * len(rows) / len(whose))
        return torch.stack(losses).sum()

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        wanted: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        whose = batches[0].targets[WHOSE]
        losses = []
        for k, (name, part) in enumerate(self.parts.items()):
            rows = (whose == k).nonzero().reshape(-1)
            if len(rows):
                here, there = (_sub(name, batch, rows) for batch in batches)
                loss = part.soft_loss(
                    _rows(name, scores, rows),
                    _rows(name, wanted, rows),
                    (here, there),
                    temperature,
                    config,
                )
                losses.append(loss * len(rows) / len(whose))
        return torch.stack(losses).sum()

    def decoder(self, labels: Labels) -> nn.Module:
        return MultiDecoder(
            {n: (part.decoder(_of(n, labels)), part.needs_words) for n, part in self.parts.items()}
        )

    def read(self, outputs: Sequence[np.ndarray], names: Names) -> Prediction:
        *rest, truncated = outputs
        parts, at = {}, 0
        for name, part in self.parts.items():
            count = len(part.outputs) - 1
            parts[name] = part.read((*rest[at : at + count], truncated), _of(name, names))
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

    def agree(self, expected: Prediction, found: Prediction) -> bool:
        return all(
            part.agree(expected.parts[name], found.parts[name]) for name, part in self.parts.items()
        )

    def to_row(self, answer: Prediction, names: Names) -> dict[str, Any]:
        """{part: its row, ...} and "truncated"."""
        rows: dict[str, Any] = {
            name: part.to_row(answer.parts[name], _of(name, names))
            for name, part in self.parts.items()
        }
        return {"parts": rows, "truncated": answer.truncated}

    def from_row(self, row: Mapping[str, Any], names: Names) -> Prediction:
        parts = {
            name: part.from_row(row["parts"][name], _of(name, names))
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


def split_spec(spec: str) -> tuple[str, str]:
    """ "name=task" -> (name, task)."""
    name, _, kind = spec.partition("=")
    return name, kind


def _of(name: str, labels: Labels) -> dict[str, Sequence[str]]:
    """The labels of one part, by its own kinds."""
    prefix = f"{name}."
    return {k.removeprefix(prefix): v for k, v in labels.items() if k.startswith(prefix)}


def _rows(name: str, scores: Mapping[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
    prefix = f"{name}."
    return {k.removeprefix(prefix): v[rows] for k, v in scores.items() if k.startswith(prefix)}


def _sub(name: str, batch: Any, rows: Tensor) -> BatchLike:
    """The rows of a batch that are one part's, with its targets under its own names."""
    changed = {field: getattr(batch, field)[rows] for field in ("ids", "mask", "first")}
    sub: BatchLike = replace(batch, **changed, targets=_rows(name, batch.targets, rows))
    return sub
