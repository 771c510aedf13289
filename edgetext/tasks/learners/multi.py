"""multi: several tasks over one encoder, each with a head and outputs of its own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Self

import numpy as np
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.parts import entries_of_part, split_spec
from edgetext.models.decoders.decoder import Decoder
from edgetext.models.decoders.labels import MultiDecoder
from edgetext.recipe import TrainingConfig
from edgetext.registry import register
from edgetext.tasks.answers.multi import PARTS, Multi
from edgetext.tasks.class_weights import ClassWeights
from edgetext.tasks.explaining import Goal
from edgetext.tasks.learner import Learner, learner_of
from edgetext.tasks.learning import BatchLike, Labels, Numbers, Scored
from edgetext.tasks.words import IGNORE
from edgetext.text.encoding import Encoding

# Whose example a row of a batch is, by its place among the parts.
WHOSE = "task"


@register("learner", "multi")
class MultiLearner(Learner):
    """Labels, scores and targets are the parts', each called "part.name".

    After `bind` the object knows its parts; before, it can only collect labels.
    """

    task: Multi
    by_gradients = True

    def __init__(self, parts: Mapping[str, Learner] | None = None) -> None:
        self.parts = dict(parts or {})
        self.task = Multi({name: part.task for name, part in self.parts.items()})

    def bind(self, labels: Labels) -> Self:
        return type(self)({name: learner_of(kind) for name, kind in map(split_spec, labels[PARTS])})

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        specs = list(dict.fromkeys(example.task for example in examples))
        all_labels: dict[str, list[str]] = {PARTS: specs}
        for name, part in self.bind(all_labels).parts.items():
            part_examples = [e for e in examples if split_spec(e.task)[0] == name]
            if not part.task.reads_pieces:
                raise EdgetextError(
                    f"tasks.{name}: task {part.task.name} reads texts in a way of its own and can "
                    "be no part of several; give it a recipe of its own"
                )
            try:
                labels = part.labels(part_examples)
            except EdgetextError as error:
                raise EdgetextError(f"tasks.{name}: {error}") from error
            all_labels |= {f"{name}.{kind}": list(values) for kind, values in labels.items()}
        return all_labels

    def names(self, labels: Labels) -> dict[str, list[str]]:
        all_names = {"intent": [], "slots": [], PARTS: list(labels[PARTS])}
        for name, part in self.parts.items():
            published = part.names(entries_of_part(name, labels))
            all_names |= {f"{name}.{kind}": values for kind, values in published.items()}
        return all_names

    def weighted(self, choice: ClassWeights, examples: Sequence[Example], labels: Labels) -> Self:
        """Weigh the labels of each part that gives texts some; a label's weight counts in all."""
        parts = dict(self.parts)
        unknown = set() if isinstance(choice, str) else set(choice)
        for name, part in self.parts.items():
            part_labels = entries_of_part(name, labels)
            names = part_labels.get("intent", ())
            if names:
                unknown -= set(names)
                of_part = choice if isinstance(choice, str) else _among(choice, names)
                rows = [e for e in examples if split_spec(e.task)[0] == name]
                parts[name] = part.weighted(of_part, rows, part_labels)
        if unknown or parts == self.parts:
            what = f"{min(unknown)} is no label" if unknown else "there are no labels of texts"
            raise EdgetextError(f"class_weights: {what} in the tasks {', '.join(self.parts)}")
        return type(self)(parts)

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        """Give the part's own targets; IGNORE in the place of the others'."""
        whose = self.task.part_name(example)
        all_targets: dict[str, np.ndarray | int] = {WHOSE: list(self.parts).index(whose)}
        nobody = Example(example.text, None)
        for name, part in self.parts.items():
            is_its_own = name == whose
            targets = part.targets(
                example if is_its_own else nobody, encoding, entries_of_part(name, numbers)
            )
            for key, target in targets.items():
                empty = np.full_like(target, IGNORE) if not isinstance(target, int) else IGNORE
                all_targets[f"{name}.{key}"] = target if is_its_own else empty
        return all_targets

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        """Add the parts' losses on their own rows, weighted by how many rows there are."""
        total: Any = 0
        for name, part, rows, share in self._rows_of(batch):
            own = entries_of_part(name, _taken(scores, rows))
            total = total + share * part.loss(own, _sub(name, batch, rows), config)
        return total

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        """Add the parts' losses as `loss` does, of those that the teacher has scores of."""
        total: Any = next(iter(scores.values())).new_zeros(())
        for name, part, rows, share in self._rows_of(batches[0]):
            here, there = (_sub(name, batch, rows) for batch in batches)
            own, taught = (entries_of_part(name, _taken(x, rows)) for x in (scores, teacher))
            if not taught:
                continue
            total = total + share * part.soft_loss(own, taught, (here, there), temperature, config)
        return total

    def _rows_of(self, batch: BatchLike) -> Iterator[tuple[str, Learner, Tensor, float]]:
        """The parts that a batch has examples of: their rows int64[n], and their share of it."""
        whose = batch.targets[WHOSE]
        for k, (name, part) in enumerate(self.parts.items()):
            rows = (whose == k).nonzero().reshape(-1)
            if len(rows):
                yield name, part, rows, len(rows) / len(whose)

    def calibrate(self, head: Any, scored: Scored) -> None:
        for name, part in self.parts.items():
            part.calibrate(head.heads[name], partial(self._scored_of, name, scored))

    def _scored_of(
        self, name: str, scored: Scored
    ) -> Iterator[tuple[Mapping[str, Tensor], BatchLike]]:
        """One part's scores of its own rows."""
        for scores, batch in scored():
            for other, _, rows, _ in self._rows_of(batch):
                if other == name:
                    yield entries_of_part(name, _taken(scores, rows)), _sub(name, batch, rows)

    def published(self, head: Any) -> dict[str, float]:
        return {
            f"{name}.{field}": value
            for name, part in self.parts.items()
            for field, value in part.published(head.heads[name]).items()
        }

    def goal_score(
        self, scores: Mapping[str, Tensor], goal: Goal, encoding: Encoding, labels: Labels
    ) -> Tensor:
        own = entries_of_part(goal.part, scores), entries_of_part(goal.part, labels)
        return self.parts[goal.part].goal_score(own[0], goal, encoding, own[1])

    def decoder(self, labels: Labels) -> Decoder:
        return MultiDecoder(
            {
                n: (part.decoder(entries_of_part(n, labels)), part.task.needs_words)
                for n, part in self.parts.items()
            }
        )


def _among(weights: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    return {name: weight for name, weight in weights.items() if name in names}


def _taken(scores: Mapping[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
    return {name: score[rows] for name, score in scores.items()}


def _sub(name: str, batch: Any, rows: Tensor) -> BatchLike:
    """The rows of a batch that are one part's, with its targets under its own names."""
    changed = {field: getattr(batch, field)[rows] for field in ("ids", "mask", "first")}
    sub: BatchLike = replace(
        batch, **changed, targets=entries_of_part(name, _taken(batch.targets, rows))
    )
    return sub
