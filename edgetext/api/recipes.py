"""The recipe that a function of the API was given, or the one in a checkpoint."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from edgetext.model.checkpoint import Checkpoint
from edgetext.recipe import Recipe

AnyPath = str | os.PathLike[str]
AnyRecipe = AnyPath | Recipe


def as_recipe(recipe: AnyRecipe, overrides: Sequence[str] = ()) -> Recipe:
    """Return a recipe that is loaded already, or load the file or shipped recipe of that name.

    overrides: fields to change, as in `training.epochs=5`. EdgetextError for what is no recipe.
    """
    if not isinstance(recipe, Recipe):
        return Recipe.load(os.fspath(recipe), overrides)
    if not overrides:
        return recipe
    return Recipe.from_dict(recipe.resolved(), recipe.name, overrides)


def recipe_or_own(
    recipe: AnyRecipe | None, checkpoint: Path, overrides: Sequence[str] = ()
) -> Recipe:
    """Return `recipe`, or where that is None the one that the checkpoint was trained by."""
    if recipe is not None:
        return as_recipe(recipe, overrides)
    header = Checkpoint.load(checkpoint).header
    return Recipe.from_dict(header.recipe, str(checkpoint), overrides)
