"""`edgetext.errors`: what a model's errors on data have in common."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from edgetext.api.evaluate import evaluate
from edgetext.api.given import AnyPath, AnyRecipe, as_recipe
from edgetext.evaluation.whose_data import recipe_of
from edgetext.interpretation.error_report import ErrorReport, error_report
from edgetext.interpretation.vectors import check_installed
from edgetext.recipe import Recipe
from edgetext.training.splits import load_split


def errors(
    model: AnyPath,
    data: AnyRecipe | None = None,
    *,
    split: str = "test",
    overrides: Sequence[str] = (),
    limit: int | None = None,
    shown: int = 20,
    neighbors: int = 3,
    runtime: str | None = None,
) -> ErrorReport:
    """Look into what a model file answers wrongly: labels that it confuses, the training texts
    nearest to each error, and labels that are likely wrong.

    data: a recipe, or a data file in the format of the checkpoint's own recipe, which takes the
    place of the split; by default as of `evaluate`. split: "train", "valid" or "test". overrides:
    fields of the recipe to change. limit: take only so many texts. shown: how many errors get their
    nearest training texts, `neighbors` each. runtime: the engine that runs the file. It needs
    `edgetext[errors]`.

    >>> report = edgetext.errors("student.pt", split="train")
    """
    check_installed()
    path = Path(model)
    recipe, fields = _recipe_and_fields(data, split)
    if isinstance(recipe, Recipe):
        chosen = as_recipe(recipe, [*fields, *overrides])
    else:
        chosen = recipe_of(recipe, [path], [*fields, *overrides])
    evaluation = evaluate(path, recipe=chosen, split=split, limit=limit, runtime=runtime)
    examples = evaluation.examples
    train = examples if split == "train" else load_split(chosen, "train")
    return error_report(
        evaluation.measured[0], examples, train, split, shown=shown, neighbors=neighbors
    )


def _recipe_and_fields(data: AnyRecipe | None, split: str) -> tuple[Recipe | str | None, list[str]]:
    """Tell a recipe from a data file, which becomes a field of the model's own."""
    if data is None or isinstance(data, Recipe):
        return data, []
    name = os.fspath(data)
    if Path(name).is_file() and Path(name).suffix not in (".yaml", ".yml"):
        return None, [f"data.{split}={Path(name).resolve()}"]
    return name, []
