"""`edgetext compress`: a budget in, the model that keeps it out."""

from __future__ import annotations

from pathlib import Path

import click

_NOT_MET = 1


@click.command("compress")
@click.argument("teacher", type=click.Path(path_type=Path, dir_okay=False))
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
    type=click.Choice(["onnx", "executorch", "both"]),
    default="onnx",
    show_default=True,
    help="Where the file has to run, and is measured.",
)
@click.option(
    "--trials",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Short trainings; each serves every precision.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="How long this command may take; the last training has its share of it.",
)
@click.option(
    "--recipe", metavar="RECIPE", help="Data and student to begin with.  [default: TEACHER's]"
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the search.  [default: NAME-compressed beside TEACHER]",
)
def command(
    teacher: Path,
    max_size: str | None,
    max_latency: str | None,
    max_drop: float | None,
    metrics: tuple[str, ...],
    runtime: str,
    trials: int,
    minutes: float | None,
    recipe: str | None,
    output: Path | None,
) -> int:
    """Find the model below TEACHER, a checkpoint, that loses least within a budget.

    Students of several shapes and vocabularies, and TEACHER itself cut down, are trained for a
    short while, stored in float32 and in 8 or 4 bits, exported and measured as files; the best is
    then trained fully. Every trial stays in the folder of the search. Ctrl-C stops it, and the same
    command goes on.

    Exit status 1 when the budget cannot be kept; the nearest model is written all the same.
    """
    from edgetext.search.limits import Limits, bytes_of, milliseconds_of

    limits = Limits(
        None if max_size is None else bytes_of(max_size),
        None if max_latency is None else milliseconds_of(max_latency),
        max_drop,
    )
    if limits == Limits():
        raise click.UsageError("give a limit: --max-size, --max-latency or --max-drop")

    from edgetext.core.errors import EdgetextError
    from edgetext.core.tables import aligned
    from edgetext.recipe import Recipe
    from edgetext.search.compress import compress
    from edgetext.tasks.metrics import in_points
    from edgetext.training.loop import TrainingInterruptedError

    folder = output or teacher.with_name(f"{teacher.stem}-compressed")
    try:
        found = compress(
            teacher, limits, folder, runtime=runtime, trials=trials, minutes=minutes,
            metrics=metrics, recipe=Recipe.load(recipe) if recipe else None,
        )  # fmt: skip
    except (TrainingInterruptedError, KeyboardInterrupt):
        raise EdgetextError(f"stopped; the same command goes on from {folder}") from None
    click.echo(f"best: {found.record.words}, {found.record.epochs} epochs")
    rows = [
        (name, *(f"{in_points(name, x[name]):.2f}" if name in x else ""
                 for x in (found.teacher_test, found.test)))
        for name in found.test
    ]  # fmt: skip
    click.echo(aligned(("test split, from the file", "teacher", "best"), rows))
    cost = found.record.cost
    assert cost is not None
    click.echo(
        f"{cost.size:,} bytes, p50 {cost.latency:.3f} ms, {cost.drop:.2f} points lost on the "
        "validation split"
    )
    for path in found.files:
        click.echo(f"wrote {path}")
    click.echo(f"wrote {folder / 'front.html'} and {folder / 'front.svg'}")
    for sentence in found.failed:
        click.echo(f"the budget is not kept: {sentence}", err=True)
    return _NOT_MET if found.failed else 0
