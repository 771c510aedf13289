"""Teachers of one task each, whose student has all of them as its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.data.parts import entries_of_part, split_spec
from edgetext.model.header import Header
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.tasks.answers.multi import PARTS
from edgetext.tasks.learner import learner_of
from edgetext.tasks.learners.multi import WHOSE
from edgetext.tasks.learning import Labels
from edgetext.training.dataset import Batch
from edgetext.training.golden import choose_golden
from edgetext.training.splits import Splits
from edgetext.training.teachers import Teacher, check_can_teach, orders_of, reader


@dataclass(frozen=True, slots=True)
class PartTeacher(Teacher):
    """A model that teaches one part of a student of several tasks.

    part: its name. place: where it stands among the parts.
    """

    part: str = ""
    place: int = 0

    def answer(self, batch: Batch) -> dict[str, Tensor]:
        """Answer the part's own rows; scores are called "part.name", and are 0 in the others'."""
        rows = (batch.targets[WHOSE] == self.place).nonzero().reshape(-1)
        if not len(rows):
            return {}
        own = replace(batch, ids=batch.ids[rows], mask=batch.mask[rows], targets={})
        # Teacher's by name: a dataclass with slots is another class than the one that it decorates.
        scores = Teacher.answer(self, own)
        del scores["hidden"]
        spread = {}
        for name, score in scores.items():
            spread[f"{self.part}.{name}"] = score.new_zeros(len(batch.ids), *score.shape[1:])
            spread[f"{self.part}.{name}"][rows] = score
        return spread


def teaches_parts(models: Sequence[Model], recipe: Recipe) -> bool:
    """Tell whether models of one task each teach a student of several."""
    return bool(recipe.tasks) and all(model.header.task != recipe.task for model in models)


def part_teachers(models: Sequence[Model], recipe: Recipe, labels: Labels) -> list[Teacher]:
    """Models as teachers of the parts whose task and labels are theirs; several of a part count
    alike.

    labels: of the student, as its learner gives them. EdgetextError for a quantized model, one that
    no part or several parts could learn from, a part without a teacher, and a student that learns
    from more than scores.
    """
    _check_scores_alone(recipe)
    parts = dict(map(split_spec, labels[PARTS]))
    whose = [_part_of(model, parts, labels) for model in models]
    missing = [name for name in parts if name not in whose]
    if missing:
        raise EdgetextError(
            f"no teacher is of task {parts[missing[0]]}, as tasks.{missing[0]} is; give one of "
            "each of the tasks, or one of all of them together"
        )
    counts = Counter(whose)
    return [
        PartTeacher(
            model,
            reader(model.network),
            orders_of(entries_of_part(name, labels), model, f"tasks.{name}"),
            share=1 / counts[name],
            part=name,
            place=list(parts).index(name),
        )
        for model, name in zip(models, whose, strict=True)
    ]


def header_of_parts(recipe: Recipe, splits: Splits, labels: Labels, model: Model) -> Header:
    """Make the header that a student's begins as, where no teacher has its labels.

    model: the first of the teachers, whose vocabulary stands there until the student has its own.
    """
    learner = learner_of(recipe.task, labels)
    return Header(
        task=recipe.task,
        name=recipe.name,
        recipe=recipe.resolved(),
        vocabulary=model.header.vocabulary,
        labels={kind: list(values) for kind, values in labels.items()},
        max_bytes=recipe.text.max_bytes,
        golden=choose_golden(learner.task.questions(splits.test)),
    )


def _part_of(model: Model, parts: dict[str, str], labels: Labels) -> str:
    """Name the part that a model teaches: the one of its task, among several that with its
    labels."""
    check_can_teach(model)
    task = model.header.task
    fitting = [name for name, kind in parts.items() if kind == task]
    if len(fitting) > 1:
        theirs = _as_sets(model.header.labels)
        fitting = [n for n in fitting if _as_sets(entries_of_part(n, labels)) == theirs]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"tasks.{name} ({kind})" for name, kind in parts.items())
    raise EdgetextError(
        f"{model}: a teacher of task {task}, and "
        + ("several parts have" if fitting else "no part has")
        + f" that task and its labels: {listed}"
        + ("; train one teacher of all tasks together" if fitting else "")
    )


def _as_sets(labels: Labels) -> dict[str, set[str]]:
    return {kind: set(values) for kind, values in labels.items()}


def _check_scores_alone(recipe: Recipe) -> None:
    config = recipe.student.distillation if recipe.student else None
    for name in ("hidden_weight", "relation_weight"):
        if getattr(config, name, 0):
            raise EdgetextError(
                f"student.distillation.{name}: teachers of one task each teach by their scores; "
                "leave it out, or give a teacher of all tasks together"
            )
