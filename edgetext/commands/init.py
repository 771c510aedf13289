"""`edgetext init`: a recipe for a user's own data."""

from __future__ import annotations

from pathlib import Path

import click

TASKS = ["classify", "joint", "lm", "match", "parse", "qa", "summarize", "tag"]


class _Head(click.Choice[str]):
    """A head of task match; its old name is read too."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from edgetext.recipe.words import current_type

        return super().convert(current_type("head", value), param, ctx)


@click.command("init")
@click.argument("task", type=click.Choice(TASKS))
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The recipe to write.  [default: NAME.yaml, with the name of DATA]",
)
@click.option("--type", "type_", metavar="READER", help="The reader of DATA.  [default: guessed]")
@click.option(
    "--head",
    type=_Head(["cross_encoder", "bi_encoder"]),
    help="Of task match: both texts read together, or a vector of each.  [default: cross_encoder]",
)
@click.option("--force", is_flag=True, help="Overwrite a file that is there.")
def command(
    task: str,
    data: Path,
    output: Path | None,
    type_: str | None,
    head: str | None,
    force: bool,
) -> None:
    """Write a complete recipe for DATA, a file or a folder with train, valid and test.

    Of a single file, shares become the valid and test splits. TASK joint needs
    intents and slots, parse trees, tag labelled spans alone; match a table or JSON
    Lines of two texts and a label, qa SQuAD's JSON, summarize JSON Lines of texts
    and summaries, lm plain text, a paragraph a line.
    """
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import write_text
    from edgetext.starter.start import start

    path = output or Path(f"{data.resolve().name.split('.')[0] or 'mine'}.yaml")
    if path.exists() and not force:
        raise EdgetextError(f"{path} exists; choose another name with -o, or overwrite: --force")
    started = start(task, data, path, type_, head)
    write_text(path, started.recipe)
    click.echo(f"read {started.summary}")
    click.echo(f"wrote {path}")
    click.echo(f"next: edgetext data check {path}   or   edgetext train {path}")
