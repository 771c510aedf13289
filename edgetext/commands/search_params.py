"""`edgetext search-params`: the values of a recipe's fields that train the best model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.hyperparameters.job import Job

# hyperparameters.study.PRUNERS, which help must not import.
_PRUNERS = ("median", "hyperband", "none")


@click.command("search-params")
@click.argument("recipe")
@click.option(
    "--search",
    "words",
    multiple=True,
    metavar="FIELD=SPEC",
    help="What to try for a field: `training.learning_rate=log:0.0005..0.005`, "
    "`training.token_dropout=0..0.2`, `encoder.hidden=64|128|256`; may be given again.  [default: "
    "learning rate, batch size, label smoothing and dropout]",
)
@click.option("--space", type=options.FILE, help="A YAML file with FIELD: SPEC, or a list.")
@click.option(
    "--trials",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Trainings, of all commands over the folder together.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="How long this command may take; what it is at then goes on with the next one.",
)
@click.option(
    "--metric",
    metavar="NAME",
    help="Of the validation split.  [default: what training chooses its epoch by]",
)
@click.option(
    "--pruner",
    type=click.Choice(_PRUNERS),
    default=_PRUNERS[0],
    show_default=True,
    help="What ends trainings that are worse than others after as many epochs.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes."
)
@options.overrides("Override a field of the recipe in every trial, as `training.epochs=5`.")
@options.output("The folder of the search.  [default: NAME-search]", options.WRITTEN_FOLDER)
def command(
    recipe: str,
    words: tuple[str, ...],
    space: Path | None,
    overrides: tuple[str, ...],
    output: Path | None,
    workers: int,
    **given: Any,
) -> None:
    """Search the values of fields with which RECIPE trains the best model.

    The first trial has the recipe's own values. Each is a training with a run folder, which
    `edgetext runs` lists; best.yaml and best.pt are the best one's. Ctrl-C stops it, and the same
    command goes on; given in several shells, they work together.
    """
    from edgetext.core.errors import StoppedError
    from edgetext.hyperparameters.job import job_of
    from edgetext.hyperparameters.search import search

    job = job_of(recipe, overrides, output, space, words, **given)
    try:
        search(job, workers)
    except (StoppedError, KeyboardInterrupt):
        raise StoppedError(f"stopped; the same command goes on from {job.folder}") from None
    _print(job)


def _print(job: Job) -> None:
    from edgetext.core.errors import EdgetextError
    from edgetext.hyperparameters.report import importance_table, trials_table
    from edgetext.hyperparameters.search import BEST, opened, publish
    from edgetext.tasks.metrics import in_points

    study = opened(job)
    best = publish(study, job)
    click.echo(trials_table(study, job))
    if importance := importance_table(study):
        click.echo(f"\n{importance}")
    if best is None:
        raise EdgetextError(
            f"{job.folder}: no trial was trained to its end yet; give more --trials or --minutes"
        )
    test = best.user_attrs.get("test", {})
    figures = ", ".join(f"{name} {in_points(name, test[name]):.2f}" for name in test)
    click.echo(f"\nbest: trial {best.number}; on the test split {figures}")
    model = job.folder / f"{BEST}.pt"
    click.echo(f"wrote {job.folder / BEST}.yaml and {model}")
    data = options.whose_data(job.path, job.overrides)
    named, folder = options.quoted(model), options.quoted(job.folder)
    click.echo(f"next: edgetext distill {named}{data}   or   edgetext runs {folder} --compare")
