"""`edgetext init`: a recipe for a user's own data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from edgetext.commands import data_options, options


class _Known(click.ParamType):
    """One of some names that are asked for when the command is used: `edgetext --help` shall not
    wait for them."""

    name = "choice"

    def __init__(self, known: Callable[[], Sequence[str]]) -> None:
        self.known = known

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        names = "|".join(self.known())
        return f"{{{names}}}" if isinstance(param, click.Argument) else f"[{names}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return click.Choice(self.known()).convert(value, param, ctx)


def _tasks() -> Sequence[str]:
    from edgetext.registry import names

    return names("starter")


def _heads() -> Sequence[str]:
    from edgetext.starter.start import heads

    return heads()


class _Head(_Known):
    """A head; its old name is read too."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from edgetext.recipe.words import current_type

        return super().convert(current_type("head", value), param, ctx)


@click.command("init")
@click.argument("task", type=_Known(_tasks))
@click.argument("data", required=False, type=click.Path(path_type=Path))
@options.output("The recipe to write.  [default: NAME.yaml, with the name of DATA]")
@data_options.choices("DATA")
@click.option(
    "--head",
    type=_Head(_heads),
    help="Of task match: both texts read together, or a vector of each.  [default: the first]",
)
@click.option(
    "--hashed/--pieces",
    default=None,
    help="Of tasks classify, joint and tag: hashed words, which need no vocabulary, or a "
    "vocabulary of pieces.  [default: what suits task and script]",
)
@click.option(
    "--few",
    metavar="FOLDER",
    type=options.ANY,
    help="Of tasks classify, joint and tag, with 5 to 50 examples a label: a teacher that begins "
    "with the weights of a folder of Hugging Face.",
)
@click.option(
    "--unlabeled",
    metavar="FILE",
    type=options.ANY,
    help="With --few: texts of the same kind, one a line, which the teacher answers for the "
    "student.",
)
@options.force("Overwrite a file that is there.")
def command(
    task: str,
    data: Path | None,
    output: Path | None,
    head: str | None,
    hashed: bool | None,
    few: Path | None,
    unlabeled: Path | None,
    force: bool,
    **said: Any,
) -> None:
    """Write a complete recipe for DATA, a file or a folder with train, valid and test.

    Of a single file, shares become the valid and test splits. TASK joint needs
    intents and slots, parse trees, tag labeled spans alone; match a table or JSON
    Lines of two texts and a label, qa SQuAD's JSON, summarize JSON Lines of texts
    and summaries, lm plain text, a paragraph a line. What the file does not tell
    is a question, and the options answer it.
    """
    from edgetext.core.errors import EdgetextError
    from edgetext.core.files import write_text
    from edgetext.starter.few import Few
    from edgetext.starter.start import start

    if unlabeled is not None and few is None:
        raise click.UsageError("--unlabeled goes with --few")
    choices = data_options.read(said)
    named = data or next(iter(choices.files.get("train", ())), None)
    stem = "" if named is None else named.resolve().name.split(".")[0]
    path = output or Path(f"{stem or 'mine'}.yaml")
    if named is not None and path.resolve() == named.resolve():
        raise EdgetextError(f"{path} is the data itself; choose another name with -o")
    if path.exists() and not force:
        raise EdgetextError(f"{path} exists; choose another name with -o, or overwrite: --force")
    beside = None if few is None else Few(few, unlabeled)
    started = start(task, data, path, choices, head, hashed, beside)
    write_text(path, started.recipe)
    click.echo(f"read {started.summary}")
    for line in started.taken:
        click.echo(f"  {line}")
    click.echo(f"wrote {path}")
    written = options.quoted(path)
    click.echo(f"next: edgetext data check {written}   or   edgetext train {written}")
