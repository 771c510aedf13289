"""`edgetext.distill`: a small student from a trained teacher."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from edgetext.api.given import AnyModel, AnyPath, AnyRecipe, as_model, as_recipe, recipe_or_own
from edgetext.core.errors import EdgetextError
from edgetext.model.model import Model
from edgetext.recipe import load_student
from edgetext.training import distill as training


def distill(
    teachers: AnyModel | Sequence[AnyModel],
    *,
    recipe: AnyRecipe | None = None,
    student: AnyPath | None = None,
    overrides: Sequence[str] = (),
    unlabeled: Sequence[AnyPath] = (),
    state: AnyPath | None = None,
    resume: bool = False,
    folder: AnyPath | None = None,
) -> Model:
    """Train a small student on the answers of one teacher, or the mean of several.

    teachers: models or their checkpoints; of a recipe of several tasks also models of one task
    each, in any order, each of which teaches the part that has its task and labels. recipe: where
    the data and the student come from; by default the one in the first teacher. student: a YAML
    file with another `student:` section. overrides: fields of the recipe to change. unlabeled:
    files of texts without labels for the teachers to answer. state: a file in which the training
    waits if it is interrupted; resume: go on from there. folder: where the recipe's monitors write
    curves of the run; without it they write nothing. EdgetextError for a student or teachers that
    do not fit.

    >>> student = edgetext.distill("snips_joint.pt", overrides=["student.encoder.layers=2"])
    """
    models = _models(teachers)
    loaded = recipe_or_own(recipe, models[0], overrides)
    if student is not None:
        loaded.student = load_student(Path(student), loaded)
    if unlabeled and loaded.student is not None:
        loaded.student.distillation.unlabeled = [os.fspath(file) for file in unlabeled]
    path, runs = (None if given is None else Path(given) for given in (state, folder))
    return training.distill(models, loaded, path, resume=resume, folder=runs)


def student_path(
    teachers: Sequence[Path], recipe: AnyRecipe | None = None, overrides: Sequence[str] = ()
) -> Path:
    """Return where the command `distill` writes by default; EdgetextError where that is the place
    of a student of the first teacher alone."""
    if len(teachers) > 1 and recipe is not None and as_recipe(recipe, overrides).tasks:
        raise EdgetextError(
            f"a student of {len(teachers)} teachers and several tasks has no place beside "
            f"{teachers[0]}, where that one's own would be; say with -o where to write it"
        )
    return teachers[0].with_name("student.pt")


def _models(teachers: AnyModel | Sequence[AnyModel]) -> list[Model]:
    if isinstance(teachers, str | os.PathLike | Model):
        return [as_model(teachers)]
    return [as_model(teacher) for teacher in teachers]
