"""`edgetext train`: from a recipe to a checkpoint."""

from __future__ import annotations

from pathlib import Path

import click

from edgetext.commands import options


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
@options.on_ray
def command(
    recipe: str, overrides: tuple[str, ...], output: Path | None, resume: bool, baseline: bool
) -> None:
    """Train a RECIPE: a file, or a name from `edgetext recipes`.

    Several processes train together where torchrun starts them, or with --on ray.
    """
    from edgetext.recipe import Recipe

    loaded = Recipe.load(recipe, overrides)

    from edgetext.api.baseline import check_baseline, standings
    from edgetext.api.train import train, trained_path
    from edgetext.core.processes import place
    from edgetext.training.run import alone_at, goes_on, run_folder, state_path
    from edgetext.training.splits import load_splits

    splits = None
    if baseline:
        check_baseline(loaded)
        splits = load_splits(loaded)
    path = output or trained_path(loaded)
    state = state_path(path)
    with alone_at(path):
        resume, folder = goes_on(state, resume), run_folder(path)
        model = train(loaded, state=state, resume=resume, splits=splits, folder=folder)
        if not place().is_first:
            return
        model.save(path)
    click.echo(f"wrote {path}")
    for standing in standings(loaded, model.header.metrics["test"], splits) if baseline else ():
        click.echo(standing.sentence)
    data = options.whose_data(recipe, overrides)
    named = options.quoted(path)
    click.echo(f"next: edgetext evaluate {named}{data}   or   edgetext distill {named}{data}")
