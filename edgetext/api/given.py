"""What a function of the API was given: a recipe or its file, a model or its checkpoint."""

from __future__ import annotations

import os
from collections.abc import Sequence

from edgetext.model.model import Model
from edgetext.recipe import Recipe

AnyPath = str | os.PathLike[str]
AnyRecipe = AnyPath | Recipe
AnyModel = AnyPath | Model


def as_model(model: AnyModel) -> Model:
    """Return a model that is there already, or load the checkpoint of that path."""
    return model if isinstance(model, Model) else Model.load(model)


def as_recipe(recipe: AnyRecipe, overrides: Sequence[str] = ()) -> Recipe:
    """Return a recipe that is loaded already, or load the file or shipped recipe of that name.

    overrides: fields to change, as in `training.epochs=5`. EdgetextError for what is no recipe.
    """
    if not isinstance(recipe, Recipe):
        return Recipe.load(os.fspath(recipe), overrides)
    if not overrides:
        return recipe
    return Recipe.from_dict(recipe.resolved(), recipe.name, overrides)


def recipe_or_own(recipe: AnyRecipe | None, model: Model, overrides: Sequence[str] = ()) -> Recipe:
    """Return `recipe`, or where that is None the one that the model was trained by."""
    return model.recipe(overrides) if recipe is None else as_recipe(recipe, overrides)
