"""Attacks on model files by TextAttack's recipes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from edgetext.api.evaluate import recipe_for
from edgetext.api.given import AnyPath, AnyRecipe
from edgetext.core import console
from edgetext.evaluation.attack.session import Attacked
from edgetext.evaluation.attack.session import attack as attack_one
from edgetext.predictor import load
from edgetext.timing.texts import sample
from edgetext.training.splits import load_questions


def attack(
    models: AnyPath | Sequence[AnyPath],
    method: str = "deepwordbug",
    *,
    recipe: AnyRecipe | None = None,
    split: str = "test",
    overrides: Sequence[str] = (),
    examples: int = 100,
    seed: int = 1,
    python: AnyPath | None = None,
    runtime: str | None = None,
) -> list[Attacked]:
    """Attack one model file or several on the same texts of a recipe's data, one after the other.

    method: TextAttack's recipe. examples: so many texts, drawn by the seed. recipe, split,
    overrides, runtime: see `edgetext.evaluate`. python: the interpreter of an environment that has
    TextAttack; by default this one's. EdgetextError as of evaluation.attack.session.attack.

    >>> edgetext.api.attack.attack("student-int8.onnx", recipe="snips_joint")[0].row()
    """
    given = [models] if isinstance(models, str | os.PathLike) else models
    paths = [Path(model) for model in given]
    predictors = [load(path, runtime=runtime) for path in paths]
    questions = load_questions(recipe_for(recipe, paths, overrides), split)
    chosen = sample(questions, min(examples, len(questions)), seed)
    interpreter = None if python is None else Path(python)
    with console.bar() as progress:
        task = progress.add_task("attacking", total=len(chosen) * len(predictors))
        return [
            attack_one(p, chosen, method, seed, interpreter, lambda: progress.advance(task))
            for p in predictors
        ]
