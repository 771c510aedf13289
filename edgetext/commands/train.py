"""`edgetext train`: from a recipe to a checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.recipe import Recipe
    from edgetext.training.splits import Splits


@click.command("train")
@click.argument("recipe")
@options.overrides(
    "Override a field of the recipe, as in `training.epochs=5` or `encoder={type: cnn}`."
)
@options.output(
    "The checkpoint to write.  [default: NAME.pt, with the recipe's name]",
    options.WRITTEN_CHECKPOINT,
)
@options.resume("Go on with the interrupted run of this recipe.")
@click.option(
    "--baseline",
    is_flag=True,
    help="Train a linear model on the same texts after it, and say where this one stands.",
)
@click.option(
    "--members",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Train so many, each with a seed of its own, as NAME-1.pt, NAME-2.pt and so on: the "
    "teachers of one student.",
)
@options.on_ray
def command(
    recipe: str,
    overrides: tuple[str, ...],
    output: Path | None,
    resume: bool,
    baseline: bool,
    members: int,
) -> None:
    """Train a RECIPE: a file, or a name from `edgetext recipes`.

    Several processes train together where torchrun starts them, or with --on ray.
    """
    from edgetext.recipe import Recipe

    loaded = Recipe.load(recipe, overrides)

    from edgetext.api.baseline import check_baseline, standings
    from edgetext.api.train import trained_path
    from edgetext.core.processes import place
    from edgetext.training.members import is_done, members_of, resumed
    from edgetext.training.splits import load_splits

    if baseline:
        check_baseline(loaded)
    splits = load_splits(loaded) if baseline or members > 1 else None
    path = output or trained_path(loaded)
    each = members_of(loaded, path, members)
    done = [resume and members > 1 and is_done(*member) for member in each]
    for (of_seed, file), passed in zip(each, done, strict=True):
        if not passed:
            goes_on = resume and (members == 1 or resumed(file))
            metrics = _trained(of_seed, file, goes_on, splits)
        if place().is_first:
            click.echo(f"{file} is there already" if passed else f"wrote {file}")
            for standing in standings(of_seed, metrics, splits) if baseline and not passed else ():
                click.echo(standing.sentence)
    if not place().is_first:
        return
    data = options.whose_data(recipe, overrides)
    named = " ".join(options.quoted(file) for _, file in each)
    click.echo(f"next: edgetext evaluate {named}{data}   or   edgetext distill {named}{data}")


def _trained(recipe: Recipe, path: Path, resume: bool, splits: Splits | None) -> dict[str, float]:
    """Train a recipe and save what it gives; the metrics of its test split."""
    from edgetext.api.train import train
    from edgetext.core.processes import place
    from edgetext.training.run import alone_at, goes_on, run_folder, state_path

    state = state_path(path)
    with alone_at(path):
        resume, folder = goes_on(state, resume), run_folder(path)
        model = train(recipe, state=state, resume=resume, splits=splits, folder=folder)
        if place().is_first:
            model.save(path)
    return model.header.metrics["test"]
