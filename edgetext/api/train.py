"""`edgetext.train`: from a recipe to a model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.api.given import AnyPath, AnyRecipe, as_recipe
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.training import run
from edgetext.training.splits import Splits


def train(
    recipe: AnyRecipe,
    *,
    overrides: Sequence[str] = (),
    state: AnyPath | None = None,
    resume: bool = False,
    splits: Splits | None = None,
    folder: AnyPath | None = None,
) -> Model:
    """Train a recipe, a file or the name of a shipped one.

    overrides: fields of the recipe to change. state: a file in which the training waits if it is
    interrupted; resume: go on from there. splits: the recipe's data, where it was read already.
    folder: where the recipe's monitors write curves of the run; without it they write nothing.
    EdgetextError for a recipe or data that is wrong, and TrainingInterruptedError, one of them, at
    Ctrl-C.

    >>> model = edgetext.train("snips_joint", overrides=["training.epochs=5"])
    >>> model.header.metrics["test"]["frame_accuracy"]
    >>> model.save("snips_joint.pt")
    """
    loaded = as_recipe(recipe, overrides)
    return run.train(loaded, _path(state), resume=resume, splits=splits, folder=_path(folder))


def _path(given: AnyPath | None) -> Path | None:
    return None if given is None else Path(given)


def trained_path(recipe: Recipe) -> Path:
    """Return where the command `train` writes by default."""
    return Path(f"{recipe.name}.pt")
