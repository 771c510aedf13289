"""Whose data a model is measured on, where no recipe is named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.predictor import load
from edgetext.recipe import Recipe, shipped_recipes
from edgetext.targets.catalog import is_checkpoint


def recipe_of(name: str | None, models: Sequence[Path], fields: Sequence[str] = ()) -> Recipe:
    """Load the recipe that is named, else that of the first checkpoint, else the shipped one of the
    first artifact's name.

    fields: `--set` overrides. EdgetextError where there is none: an artifact does not hold where
    its data is.
    """
    if name is not None:
        return Recipe.load(name, fields)
    for path in models:
        if is_checkpoint(path):
            header = Checkpoint.load(path).header
            return Recipe.from_dict(header.recipe, str(path), fields)
    trained_on = load(models[0]).metadata.name
    if trained_on not in shipped_recipes():
        raise EdgetextError(
            f"{models[0]}: an artifact does not hold where its data is; name the recipe, "
            "as in --recipe mine.yaml"
        )
    return Recipe.load(trained_on, fields)
