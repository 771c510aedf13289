"""multi: several tasks over one encoder, each with a head and outputs of its own name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.parts import entries_of_part, split_spec
from edgetext.registry import register
from edgetext.tasks.answering import Names
from edgetext.tasks.explaining import Asked, Goal, unknown_part
from edgetext.tasks.labeled_texts import LabeledTexts
from edgetext.tasks.metrics import Score
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.task import Task, task_of

# The kind of labels that names the parts, each as "name=task".
PARTS = "tasks"


@dataclass(slots=True)
class PartsAnswer(Prediction):
    """parts: the answer of each task, by its name."""

    parts: dict[str, Any] = field(default_factory=dict)
    truncated: bool = False
    score: float = 1.0

    def brief(self) -> Self:
        return replace(self, parts={name: part.brief() for name, part in self.parts.items()})

    def json_fields(self, text: bytes, top: int) -> dict[str, Any]:
        return {
            name: {**part.json_fields(text, top), **part.json_scores(top)}
            for name, part in self.parts.items()
        }

    def line_parts(self, text: bytes, top: int) -> list[str]:
        return [f"{name}: {part.as_line(text, top)}" for name, part in self.parts.items()]

    def fault(self, size: int) -> str:
        return next(filter(None, (part.fault(size) for part in self.parts.values())), "")

    def numbers(self) -> Iterator[float]:
        for part in self.parts.values():
            yield from part.numbers()


@register("task", "multi")
class Multi(Task[PartsAnswer]):
    """Outputs and metrics are the parts', each called "part.name".

    An example belongs to the part that its `task` names, as "part=task". After `bind` the object
    knows its parts.
    """

    name = "multi"
    head = "multi"
    has_parts = True
    needs_words = True
    monitor = ("mean",)
    unstored = ("macro_f1",)

    def __init__(self, parts: Mapping[str, Task[Any]] | None = None) -> None:
        self.parts = dict(parts or {})

    @property
    def outputs(self) -> tuple[str, ...]:
        each = (
            f"{name}.{output}" for name, part in self.parts.items() for output in part.outputs[:-1]
        )
        return (*each, "truncated")

    @property
    def quality_metrics(self) -> tuple[str, ...]:
        return tuple(
            f"{n}.{metric}" for n, part in self.parts.items() for metric in part.quality_metrics
        )

    def bind(self, names: Names) -> Self:
        return type(self)({name: task_of(kind) for name, kind in map(split_spec, names[PARTS])})

    def describe(self, names: Names) -> dict[str, str]:
        return {
            f"{name}.{output}": words.replace(f"`{output}`", f"`{name}.{output}`")
            for name, part in self.parts.items()
            for output, words in part.describe(entries_of_part(name, names)).items()
        }

    def read(
        self, outputs: Sequence[np.ndarray], names: Names, text: bytes | None = None
    ) -> PartsAnswer:
        *rest, truncated = outputs
        parts, at = {}, 0
        for name, part in self.parts.items():
            count = len(part.described)
            parts[name] = part.read(
                (*rest[at : at + count], truncated), entries_of_part(name, names), text
            )
            at += count
        return PartsAnswer(parts, bool(truncated.reshape(-1)[0]))

    def finds_nothing(self, answer: PartsAnswer) -> bool:
        """Tell whether one of the tasks finds nothing."""
        return any(part.finds_nothing(answer.parts[name]) for name, part in self.parts.items())

    def json_types(self, names: Names, top: int = 1) -> dict[str, Any]:
        return {
            name: part.json_types(entries_of_part(name, names), top)
            for name, part in self.parts.items()
        }

    def to_row(self, answer: PartsAnswer, names: Names) -> dict[str, Any]:
        """Give {part: its row, ...} and "truncated"."""
        rows: dict[str, Any] = {
            name: part.to_row(answer.parts[name], entries_of_part(name, names))
            for name, part in self.parts.items()
        }
        return {"parts": rows, "truncated": answer.truncated}

    def from_row(self, row: Mapping[str, Any], names: Names) -> PartsAnswer:
        parts = {
            name: part.from_row(row["parts"][name], entries_of_part(name, names))
            for name, part in self.parts.items()
        }
        return PartsAnswer(parts, bool(row["truncated"]))

    def used(self, example: Example) -> Iterator[tuple[str, str, str]]:
        name = self.part_name(example)
        for kind, word, label in self.parts[name].used(example):
            yield f"{name}.{kind}", word, label

    def measure(
        self, examples: Sequence[Example], answers: Sequence[PartsAnswer]
    ) -> dict[str, float]:
        """Measure each part by its own metrics on its own examples, and "mean" of the first that
        each monitors."""
        metrics: dict[str, float] = {}
        first = []
        for name, part in self.parts.items():
            asked, answered = self._of_part(name, examples, answers)
            if asked:
                measured = part.measure(asked, answered)
                metrics |= {f"{name}.{metric}": value for metric, value in measured.items()}
                first.append(measured[part.monitor[0]])
        return {**metrics, "mean": sum(first) / max(1, len(first))}

    def class_scores(
        self, examples: Sequence[Example], answers: Sequence[PartsAnswer]
    ) -> dict[str, Score]:
        """Score the labels of each part's texts on its own examples, each called "part.label"."""
        return {
            f"{name}.{label}": score
            for name, part in self.parts.items()
            for label, score in part.class_scores(*self._of_part(name, examples, answers)).items()
        }

    def labeled_texts(self, examples: Sequence[Example]) -> dict[str, LabeledTexts]:
        return {
            f"{name}.{metric}": texts
            for name, part in self.parts.items()
            for metric, texts in part.labeled_texts(
                [e for e in examples if split_spec(e.task)[0] == name]
            ).items()
        }

    def decisions(self, example: Example, answer: PartsAnswer) -> Iterator[tuple[str, str, str]]:
        name = self.part_name(example)
        for kind, gold, answered in self.parts[name].decisions(example, answer.parts[name]):
            yield f"{name} {kind}", gold, answered

    def goal(self, answer: PartsAnswer, names: Names, asked: Asked) -> Goal:
        """Choose as the part does that is asked for, by default the first."""
        name = next(iter(self.parts)) if asked.part is None else asked.part
        if name not in self.parts:
            unknown_part(name, self.parts)
        chosen = self.parts[name].goal(answer.parts[name], entries_of_part(name, names), asked)
        return replace(chosen, part=name)

    def worth(self, answer: PartsAnswer, goal: Goal) -> float:
        return self.parts[goal.part].worth(answer.parts[goal.part], goal)

    def same(self, one: PartsAnswer, other: PartsAnswer) -> bool:
        return all(p.same(one.parts[name], other.parts[name]) for name, p in self.parts.items())

    def is_decided(self, answer: PartsAnswer) -> bool:
        return all(part.is_decided(answer.parts[name]) for name, part in self.parts.items())

    def agree(self, expected: PartsAnswer, answer: PartsAnswer) -> bool:
        return all(
            part.agree(expected.parts[name], answer.parts[name])
            for name, part in self.parts.items()
        )

    def _of_part(
        self, name: str, examples: Sequence[Example], answers: Sequence[PartsAnswer]
    ) -> tuple[list[Example], list[Any]]:
        """Give the examples of a part and its answers to them."""
        rows = [i for i, e in enumerate(examples) if split_spec(e.task)[0] == name]
        return [examples[i] for i in rows], [answers[i].parts[name] for i in rows]

    def part_name(self, example: Example) -> str:
        """Tell whose the example is; EdgetextError where it is none of the parts'."""
        name = split_spec(example.task)[0]
        if name not in self.parts:
            raise EdgetextError(
                f"{example.source}: the line is of none of the model's tasks "
                f"({', '.join(self.parts)}); give data from a recipe with `tasks:` of these names"
            )
        return name
