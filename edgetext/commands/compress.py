"""`edgetext compress`: a budget in, the model that keeps it out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.search.compress import Outcome

_NOT_MET = 1


@click.command("compress")
@click.argument("teacher", type=options.FILE)
@click.option("--max-size", metavar="SIZE", help="Of the file, as 400kB.")
@click.option("--max-latency", metavar="TIME", help="p50 from text to answer, as 0.3ms.")
@click.option(
    "--max-drop",
    type=click.FloatRange(min=0),
    metavar="POINTS",
    help="How far (of 100) a watched metric may fall below TEACHER's.",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME",
    help="A metric to watch; may be given again.  [default: what training chooses its epoch by, of "
    "each task where there are several]",
)
@click.option(
    "--runtime",
    type=options.Choice(options.searched),
    default="onnx",
    show_default=True,
    help="Where the file has to run, and is measured.",
)
@click.option(
    "--trials",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Short trainings, of all commands over the folder together; each serves every precision.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="How long this command may take; the last training has its share of it.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes."
)
@options.recipe(
    "Data and student to begin with; a TEACHER that was imported has none.  [default: TEACHER's]"
)
@options.output(
    "The folder of the search.  [default: NAME-compressed beside TEACHER]", options.WRITTEN_FOLDER
)
def command(teacher: Path, output: Path | None, **given: Any) -> int:
    """Find the model below TEACHER, a checkpoint, that loses least within a budget.

    Students of several shapes and vocabularies, and TEACHER itself cut down, are trained for a
    short while, stored in float32 and in 8 or 4 bits, exported and measured as files; the best is
    then trained fully. Every trial stays in the folder of the search. Ctrl-C stops it, and the same
    command goes on; given in several shells, they work together.

    Exit status 1 when the budget cannot be kept; the nearest model is written all the same.
    """
    if all(given[name] is None for name in ("max_size", "max_latency", "max_drop")):
        raise click.UsageError("give a limit: --max-size, --max-latency or --max-drop")

    from edgetext.api.compress import compress, compressed_path
    from edgetext.core.errors import StoppedError
    from edgetext.training.loop import TrainingInterruptedError

    folder = output or compressed_path(teacher)
    try:
        outcome = compress(teacher, folder, **given)
    except (TrainingInterruptedError, KeyboardInterrupt):
        raise StoppedError(f"stopped; the same command goes on from {folder}") from None
    _print(outcome)
    for path in outcome.files:
        click.echo(f"wrote {path}")
    click.echo(f"wrote {folder / 'front.html'} and {folder / 'front.svg'}")
    for sentence in outcome.failed:
        click.echo(f"the budget is not kept: {sentence}", err=True)
    return _NOT_MET if outcome.failed else 0


def _print(outcome: Outcome) -> None:
    from edgetext.core.tables import aligned
    from edgetext.tasks.metrics import in_points

    columns = (outcome.teacher_test, outcome.test)
    rows = [
        (name, *(f"{in_points(name, x[name]):.2f}" if name in x else "" for x in columns))
        for name in outcome.test
    ]
    cost = outcome.record.cost
    assert cost is not None
    click.echo(f"best: {outcome.record.words}, {outcome.record.epochs} epochs")
    click.echo(aligned(("test split, from the file", "teacher", "best"), rows))
    click.echo(
        f"{cost.size:,} bytes, p50 {cost.latency:.3f} ms, {cost.drop:.2f} points lost on the "
        "validation split"
    )
