"""`edgetext label`: the answers to millions of texts, beside the columns that they stand in."""

from __future__ import annotations

from pathlib import Path

import click

from edgetext.commands import options

_INPUT = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
_RAY = "ray"


@click.command("label")
@click.argument("model", type=options.FILE)
@click.argument("files", type=_INPUT, nargs=-1, required=True)
@options.output("The file to write: .parquet, .jsonl or .csv.", required=True)
@options.option("--text", metavar="COLUMN", help="Column or field of the text.  [default: guessed]")
@options.option("--text-b", metavar="COLUMN", help="That of the second text, where two are read.")
@options.option(
    "--header/--no-header",
    default=True,
    help="Whether line 1 of a table names the columns; else they are 0, 1, ...  [default: header]",
)
@options.option("--delimiter", metavar="MARK", help="What is between cells; `tab` is one.")
@options.option("--prefix", default="", help="What stands before the names of an answer's fields.")
@options.option(
    "--top",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Labels to give the scores of.",
)
@options.option("--whole", is_flag=True, help="Tag texts of any length, in windows that overlap.")
@options.runtime("The engine that runs MODEL, as openvino.  [default: the file's own]")
@options.option(
    "--workers", type=click.IntRange(1, 1024), default=1, show_default=True, help="Processes."
)
@options.option("--on", type=click.Choice([_RAY]), help="A cluster that has the workers.")
@options.force("Overwrite OUT, and delete what is left of another run.")
def command(
    model: Path,
    files: tuple[Path, ...],
    output: Path,
    text: str | None,
    text_b: str | None,
    header: bool,
    delimiter: str | None,
    prefix: str,
    top: int,
    whole: bool,
    runtime: str | None,
    workers: int,
    on: str | None,
    force: bool,
) -> None:
    """Answer the texts of FILES (Parquet, JSON Lines, CSV, TSV, lines) by MODEL.

    OUT has their columns and the fields that `predict --json` writes. `-` reads lines from stdin.
    A run that was stopped goes on from what is in OUT.parts.
    """
    from edgetext.labeling.inputs import Columns
    from edgetext.labeling.job import Question
    from edgetext.labeling.run import Workers, label

    mark = {"tab": "\t", "\\t": "\t"}.get(delimiter or "", delimiter)
    if mark is not None and (len(mark) != 1 or mark in "\r\n"):
        raise click.UsageError(
            f"--delimiter {delimiter!r}: give one character that ends no line, or `tab`"
        )
    cluster = None
    if on == _RAY:
        from edgetext.labeling.on_ray import in_ray

        cluster = in_ray
    label(
        Question(model, runtime, top, whole, prefix),
        files,
        output,
        Columns(text, text_b, header, mark),
        Workers(workers, cluster),
        force,
    )
