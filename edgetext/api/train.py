"""`edgetext.train`: from a recipe to a checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.api.recipes import AnyPath, AnyRecipe, as_recipe
from edgetext.model.checkpoint import Checkpoint
from edgetext.recipe import Recipe
from edgetext.training import run


def train(
    recipe: AnyRecipe,
    output: AnyPath | None = None,
    *,
    overrides: Sequence[str] = (),
    resume: bool = False,
) -> Checkpoint:
    """Train a recipe, a file or the name of a shipped one, and write the checkpoint.

    output: the file to write; by default NAME.pt, with the recipe's name. overrides: fields of the
    recipe to change. resume: go on with the interrupted run of this recipe. EdgetextError for a
    recipe or data that is wrong, and TrainingInterruptedError, one of them, at Ctrl-C.

    >>> model = edgetext.train("snips_joint", overrides=["training.epochs=5"])
    >>> model.header.metrics["test"]["frame_accuracy"]
    """
    loaded = as_recipe(recipe, overrides)
    path = trained_path(loaded) if output is None else Path(output)
    return run.train(loaded, path, resume=resume)


def trained_path(recipe: Recipe) -> Path:
    """Return where `train` writes by default."""
    return Path(f"{recipe.name}.pt")
