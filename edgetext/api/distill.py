"""`edgetext.distill`: a small student from a trained teacher."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from edgetext.api.recipes import AnyPath, AnyRecipe, recipe_or_own
from edgetext.model.checkpoint import Checkpoint
from edgetext.recipe import load_student
from edgetext.training import distill as training


def distill(
    teachers: AnyPath | Sequence[AnyPath],
    output: AnyPath | None = None,
    *,
    recipe: AnyRecipe | None = None,
    student: AnyPath | None = None,
    overrides: Sequence[str] = (),
    unlabeled: Sequence[AnyPath] = (),
    resume: bool = False,
) -> Checkpoint:
    """Train a small student on the answers of one teacher, or the mean of several, and write it.

    output: the file to write; by default student.pt beside the first teacher. recipe: where the
    data and the student come from; by default the one in the first teacher. student: a YAML file
    with another `student:` section. overrides: fields of the recipe to change. unlabeled: files of
    texts without labels for the teachers to answer. resume: go on with the interrupted run.
    EdgetextError for a student or teachers that do not fit.

    >>> student = edgetext.distill("snips_joint.pt", overrides=["student.encoder.layers=2"])
    """
    paths = _paths(teachers)
    loaded = recipe_or_own(recipe, paths[0], overrides)
    if student is not None:
        loaded.student = load_student(Path(student), loaded)
    if unlabeled and loaded.student is not None:
        loaded.student.distillation.unlabeled = [os.fspath(file) for file in unlabeled]
    path = student_path(paths[0]) if output is None else Path(output)
    return training.distill(paths, loaded, path, resume=resume)


def student_path(teacher: Path) -> Path:
    """Return where `distill` writes by default."""
    return teacher.with_name("student.pt")


def _paths(teachers: AnyPath | Sequence[AnyPath]) -> tuple[Path, ...]:
    if isinstance(teachers, str | os.PathLike):
        return (Path(teachers),)
    return tuple(Path(teacher) for teacher in teachers)
