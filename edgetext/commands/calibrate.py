"""`edgetext calibrate`: probabilities that come true, and texts about nothing known told apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.training.calibrating import Calibrated

SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command("calibrate")
@click.argument("model", type=options.FILE)
@click.option(
    "--scope-recall",
    type=SHARE,
    metavar="SHARE",
    help="Recognize this share of the texts that are about nothing known, as 0.6.",
)
@click.option(
    "--false-alarms",
    type=SHARE,
    metavar="SHARE",
    help="Take at most this share of the other texts for such, as 0.03.",
)
@click.option(
    "--negatives",
    type=click.Choice(["mix", "words", "drop"]),
    help="With --scope-recall, where data has no text about nothing known: make some of the "
    "others, by mixing two, of words of many, or by leaving out half of the words.",
)
@options.recipe("On whose validation split; its test split is measured.  [default: the model's]")
@click.option(
    "--data",
    type=options.FILE,
    help="Find and measure on this file of labeled examples, not on a recipe's splits.",
)
@options.output(
    "The checkpoint to write.  [default: NAME-calibrated.pt beside the model]",
    options.WRITTEN_CHECKPOINT,
)
def command(model: Path, output: Path | None, **choices: Any) -> None:
    """Write MODEL, a checkpoint that classifies, with probabilities that come true.

    Its scores are divided by a temperature; with --scope-recall or --false-alarms it is also
    decided how ready it is to say that a text is about none of its labels (the label oos, which a
    model without such a label gets). Both are inside the files that `export` writes.
    """
    if choices["scope_recall"] is not None and choices["false_alarms"] is not None:
        raise click.UsageError("give --scope-recall or --false-alarms: each decides the other")
    if choices["negatives"] is not None and choices["scope_recall"] is None:
        raise click.UsageError("--negatives needs --scope-recall")
    if choices["recipe"] is not None and choices["data"] is not None:
        raise click.UsageError("give --recipe or --data, one of them")

    from edgetext.api.calibrate import calibrate, calibrated_path

    path = output or options.beside(calibrated_path(model))
    result = calibrate(model, **choices)
    _print(result)
    result.model.save(path)
    click.echo(f"wrote {path}")
    named = options.quoted(path)
    click.echo(f"next: edgetext export --target mobile {named}")


def _print(result: Calibrated) -> None:
    from edgetext.core.tables import aligned

    click.echo(f"temperature {result.calibration.temperature:.3f}, on {result.texts:,} texts:")
    columns = (result.before, result.after)
    rows = [
        (name, *("-" if value is None else f"{scale * value:.{places}f}" for value in values))
        for name, scale, places, values in (
            ("accuracy in scope", 100, 2, [x.in_scope for x in columns]),
            ("recall out of scope", 100, 2, [x.recall for x in columns]),
            ("false alarms", 100, 2, [x.false_alarms for x in columns]),
            ("area under ROC, out of scope", 100, 2, [x.separation for x in columns]),
            ("expected calibration error", 100, 2, [x.error for x in columns]),
            ("negative log-likelihood", 1, 4, [x.likelihood for x in columns]),
        )
        if any(value is not None for value in values)
    ]
    click.echo(aligned(("", "before", "after"), rows))
