"""`edgetext pretrain`: a small network that learns from an embedder, without labels."""

from __future__ import annotations

from pathlib import Path

import click

from edgetext.commands import options


@click.command("pretrain")
@click.argument("recipe", type=options.FILE)
@click.option(
    "--teacher",
    required=True,
    metavar="FOLDER|FILE",
    type=options.ANY,
    help="An embedder: a folder of sentence-transformers, or a model that was imported.",
)
@click.option(
    "--texts",
    metavar="FILE",
    multiple=True,
    help="Texts, one a line, in the place of the recipe's data; given as often as wanted.",
)
@options.overrides("Override a field of the recipe, as in `training.epochs=5`.")
@options.output(
    "The checkpoint to write.  [default: RECIPE.pt, in this folder]", options.WRITTEN_CHECKPOINT
)
@options.resume("Go on with the interrupted run of this recipe.")
@options.on_ray
def command(
    recipe: Path,
    teacher: Path,
    texts: tuple[str, ...],
    overrides: tuple[str, ...],
    output: Path | None,
    resume: bool,
) -> None:
    """Train the network of RECIPE, of task embed, on the vectors of a teacher.

    What it writes embeds texts, and is what other trainings begin with: `init: FILE` in a recipe,
    or `student.init: FILE`.
    """
    from edgetext.api.pretrain import pretrain
    from edgetext.core.processes import place
    from edgetext.training.run import alone_at, goes_on, run_folder, state_path

    path = output or Path(f"{recipe.stem}.pt")
    state = state_path(path)
    with alone_at(path):
        resume = goes_on(state, resume)
        model = pretrain(
            recipe, teacher, texts=texts, overrides=overrides, state=state, resume=resume,
            folder=run_folder(path),
        )  # fmt: skip
        if not place().is_first:
            return
        model.save(path)
    click.echo(f"wrote {path}")
    named = options.quoted(path)
    click.echo(f'next: edgetext similar {named} "..." "..."   or   `init: {path}` in a recipe')
