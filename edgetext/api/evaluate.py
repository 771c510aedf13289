"""`edgetext.evaluate`: what models answer on data, from bytes, and how fast."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import torch

from edgetext.api.given import AnyPath, AnyRecipe, as_recipe
from edgetext.core import console
from edgetext.data.augment.noises import noised, parse_noise
from edgetext.data.example import Example
from edgetext.evaluation import answers
from edgetext.evaluation.answers import Measured
from edgetext.evaluation.result import Evaluation, Noised
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
    noise: str | None = None,
    seed: int = 1,
) -> Evaluation:
    """Measure one model file or several on the same texts, which they answer in turn, one thread.

    recipe: whose data; by default that of the first checkpoint among them, else the shipped recipe
    of the first model's name. split: "train", "valid" or "test". overrides: fields of the recipe to
    change. limit: take only so many texts. against: a model whose answers the others' are compared
    with, in its own runtime. runtime: the engine that runs the others, as "openvino"; by default
    each file's own. noise: kinds of noise, as "typo:0.1,case"; the models then also answer noised
    texts, the same for all, by `seed`. EdgetextError for data of another task, where no recipe says
    where the data is, and for another noise.

    >>> edgetext.evaluate("student-int8.onnx", recipe="snips_joint").metrics["frame_accuracy"]
    """
    amounts = None if noise is None else parse_noise(noise)
    given = [models] if isinstance(models, str | os.PathLike) else models
    paths = [Path(model) for model in (*given, *([] if against is None else [against]))]
    predictors = [load(path, runtime=runtime) for path in paths[: len(given)]]
    predictors += [load(path) for path in paths[len(given) :]]
    chosen = recipe_for(recipe, paths, overrides)
    examples = load_questions(chosen, split)[:limit]
    noisy = None if amounts is None else noised(examples, amounts, seed)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with console.bar() as progress:
            total = len(examples) + len(noisy or ())
            task = progress.add_task("evaluating", total=total)

            def ask(given: Sequence[Example]) -> list[Measured]:
                step = partial(progress.advance, task)
                return answers.evaluate(predictors, given, step, chosen.strict)

            measured = ask(examples)
            on_noise = None if noisy is None else ask(noisy)[: len(given)]
    finally:
        torch.set_num_threads(threads)
    reference = None if against is None else measured.pop()
    return Evaluation(
        split,
        examples,
        measured,
        reference,
        None if noisy is None or on_noise is None else Noised(amounts or {}, noisy, on_noise),
    )


def recipe_for(recipe: AnyRecipe | None, paths: Sequence[Path], overrides: Sequence[str]) -> Recipe:
    """Give the recipe whose data models are asked; see `evaluate`."""
    if isinstance(recipe, Recipe):
        return as_recipe(recipe, overrides)
    name = None if recipe is None else os.fspath(recipe)
    return recipe_of(name, paths, overrides)
