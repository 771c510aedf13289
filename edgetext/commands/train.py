"""`edgetext train`: from a recipe to a checkpoint."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("train")
@click.argument("recipe")
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Override a field of the recipe, as in `training.epochs=5` or `encoder={type: cnn}`.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The checkpoint to write.  [default: NAME.pt, with the recipe's name]",
)
@click.option("--resume", is_flag=True, help="Go on with the interrupted run of this recipe.")
def command(recipe: str, overrides: tuple[str, ...], output: Path | None, resume: bool) -> None:
    """Train a RECIPE: a file, or a name from `edgetext recipes`."""
    from edgetext.recipe import Recipe

    loaded = Recipe.load(recipe, overrides)

    from edgetext.training.run import train

    path = output or Path(f"{loaded.name}.pt")
    train(loaded, path, resume=resume)
    click.echo(f"wrote {path}")
    click.echo(f"next: edgetext evaluate {path}   or   edgetext distill {path}")
