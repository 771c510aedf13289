"""`edgetext prune`: the same network with fewer channels, layers or pieces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.api.prune import Recovered
    from edgetext.compression.pruning.prune import Pruned


@click.command("prune")
@click.argument("model", type=options.FILE)
@click.option(
    "--ratio",
    type=click.FloatRange(0, 1, min_open=True),
    help="The share of every width that goes, as 0.5.",
)
@click.option(
    "--keep",
    metavar="FIELD=SIZE,…",
    help="What stays of which width, as in hidden=64,head.hidden=48,layers=2,vocabulary=1500; "
    "vocabulary=used keeps the pieces that training texts use.",
)
@options.recipe("Whose data decides what matters.  [default: the model's]")
@click.option(
    "--teacher",
    type=options.FILE,
    help="Whose answers the recovery training learns from.  [default: MODEL's]",
)
@click.option(
    "--epochs",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="Recovery training; 0 leaves it out.",
)
@options.option(
    "--qat-epochs",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="The last of them, in which it rounds as its int8 form will.",
    formerly="--rounded-epochs",
)
@click.option(
    "--learning-rate",
    type=click.FloatRange(0, 1, min_open=True),
    default=3e-4,
    show_default=True,
    help="Of the recovery training; more for a deep cut, less for a light one.",
)
@options.output(
    "The checkpoint to write.  [default: NAME-pruned.pt beside the model]",
    options.WRITTEN_CHECKPOINT,
)
@options.resume("Go on with an interrupted recovery training.")
def command(
    model: Path, ratio: float | None, keep: str | None, output: Path | None, **training: Any
) -> None:
    """Write MODEL, a checkpoint, without its least important rows: smaller file, less time.

    What matters least is measured on the training data; then the rest learns from MODEL, or the
    teacher, to do without. What that training does not improve is kept as it was cut.
    """
    if (ratio is None) == (keep is None):
        raise click.UsageError("give --ratio or --keep, one of them")

    from edgetext.api.prune import prune, pruned_path
    from edgetext.compression.pruning.prune import parse_keep
    from edgetext.training.run import state_path

    sizes = parse_keep(keep) if keep else None
    path = output or options.beside(pruned_path(model))
    recovered = prune(
        model, ratio=ratio, keep=sizes, state=state_path(path), after_cut=_print_widths, **training
    )
    recovered.model.save(path)
    _print_metrics(recovered)
    click.echo(f"wrote {path}")
    named = options.quoted(path)
    click.echo(f"next: edgetext quantize --int8 {named}")


def _print_widths(cut: Pruned) -> None:
    from edgetext.core.tables import aligned

    before, after = cut.parameters
    rows = [(name, f"{old:,}", f"{new:,}") for name, old, new in cut.changes]
    rows.append(("parameters", f"{before:,}", f"{after:,}"))
    click.echo(aligned(("width", "before", "after"), rows))
    if cut.recut is not None:
        texts, of, (old, new) = cut.recut.texts, cut.recut.of, cut.recut.pieces
        click.echo(
            f"\n{texts:,} of {of:,} test texts are cut into more pieces: {new:,} instead of {old:,}"
        )


def _print_metrics(recovered: Recovered) -> None:
    from edgetext.core.tables import aligned
    from edgetext.tasks.metrics import in_points

    columns = (recovered.cut.before, recovered.cut.after, recovered.model.header.metrics["test"])
    rows = [
        (name, *(f"{in_points(name, metrics[name]):.2f}" for metrics in columns))
        for name in recovered.cut.before
    ]
    click.echo()
    click.echo(aligned(("test split", "before", "cut", "recovered"), rows))
