"""The members of an ensemble: one recipe, trained with several seeds."""

from __future__ import annotations

from pathlib import Path

from edgetext.core.errors import EdgetextError
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.training.run import state_path


def members_of(recipe: Recipe, output: Path, count: int) -> list[tuple[Recipe, Path]]:
    """Give each member's recipe, with a seed one higher than the one before, and its file: the
    output where it is the only one, else NAME-1.pt, NAME-2.pt and so on."""
    if count == 1:
        return [(recipe, output)]
    return [
        (
            recipe.model_copy(update={"seed": recipe.seed + place}),
            output.with_name(f"{output.stem}-{place + 1}{output.suffix}"),
        )
        for place in range(count)
    ]


def is_done(recipe: Recipe, output: Path) -> bool:
    """Tell whether a member was trained before; EdgetextError where its file is of another recipe
    or seed."""
    if not output.exists():
        return False
    theirs = Model.load(output).header.recipe
    asked = {"name": recipe.name, "task": recipe.task, "seed": recipe.seed}
    for name, value in asked.items():
        if theirs.get(name) != value:
            raise EdgetextError(
                f"{output}: its recipe has {name} {theirs.get(name)}, and the one given {value}; "
                "remove the file, or leave out --resume"
            )
    return True


def resumed(output: Path) -> bool:
    """Tell whether a member's training was interrupted; one that was not begins anew."""
    return state_path(output).exists()
