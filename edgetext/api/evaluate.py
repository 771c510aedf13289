"""`edgetext.evaluate`: what models answer on data, from bytes, and how fast."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import torch

from edgetext.api.given import AnyPath, AnyRecipe, as_recipe
from edgetext.core import console
from edgetext.evaluation import answers
from edgetext.evaluation.result import Evaluation
from edgetext.evaluation.whose_data import recipe_of
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.splits import load_questions


def evaluate(
    models: AnyPath | Sequence[AnyPath],
    *,
    recipe: AnyRecipe | None = None,
    split: str = "test",
    overrides: Sequence[str] = (),
    limit: int | None = None,
    against: AnyPath | None = None,
    runtime: str | None = None,
) -> Evaluation:
    """Measure one model file or several on the same texts, which they answer in turn, one thread.

    recipe: whose data; by default that of the first checkpoint among them, else the shipped recipe
    of the first model's name. split: "train", "valid" or "test". overrides: fields of the recipe to
    change. limit: take only so many texts. against: a model whose answers the others' are compared
    with, in its own runtime. runtime: the engine that runs the others, as "openvino"; by default
    each file's own. EdgetextError for data of another task, and where no recipe says where the data
    is.

    >>> edgetext.evaluate("student-int8.onnx", recipe="snips_joint").metrics["frame_accuracy"]
    """
    given = [models] if isinstance(models, str | os.PathLike) else models
    paths = [Path(model) for model in (*given, *([] if against is None else [against]))]
    predictors = [load(path, runtime=runtime) for path in paths[: len(given)]]
    predictors += [load(path) for path in paths[len(given) :]]
    chosen = _recipe(recipe, paths, overrides)
    examples = load_questions(chosen, split)[:limit]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with console.bar() as progress:
            task = progress.add_task("evaluating", total=len(examples))
            measured = answers.evaluate(
                predictors, examples, lambda: progress.advance(task), chosen.strict
            )
    finally:
        torch.set_num_threads(threads)
    reference = None if against is None else measured.pop()
    return Evaluation(split, examples, measured, reference)


def _recipe(recipe: AnyRecipe | None, paths: Sequence[Path], overrides: Sequence[str]) -> Recipe:
    if isinstance(recipe, Recipe):
        return as_recipe(recipe, overrides)
    name = None if recipe is None else os.fspath(recipe)
    return recipe_of(name, paths, overrides)
