"""`edgetext prune`: the same network with fewer channels, layers or pieces."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("prune")
@click.argument("model", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--ratio",
    type=click.FloatRange(0, 1, min_open=True),
    help="The share of every width that goes, as 0.5.",
)
@click.option(
    "--keep",
    metavar="FIELD=SIZE,…",
    help="What stays of which width, as in hidden=64,head.hidden=48,layers=2,vocabulary=1500.",
)
@click.option(
    "--recipe", metavar="RECIPE", help="Whose data decides what matters.  [default: the model's]"
)
@click.option(
    "--teacher",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Whose answers the recovery training learns from.  [default: MODEL's]",
)
@click.option(
    "--epochs",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    help="Recovery training; 0 leaves it out.",
)
@click.option(
    "--rounded-epochs",
    type=click.IntRange(min=0),
    default=2,
    show_default=True,
    help="The last of them, in which it rounds as its int8 form will.",
)
@click.option(
    "--learning-rate",
    type=click.FloatRange(0, 1, min_open=True),
    default=3e-4,
    show_default=True,
    help="Of the recovery training; more for a deep cut, less for a light one.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The checkpoint to write.  [default: NAME-pruned.pt beside the model]",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted recovery training.")
def command(
    model: Path,
    ratio: float | None,
    keep: str | None,
    recipe: str | None,
    teacher: Path | None,
    epochs: int,
    rounded_epochs: int,
    learning_rate: float,
    output: Path | None,
    resume: bool,
) -> None:
    """Write MODEL, a checkpoint, without its least important rows: smaller file, less time.

    What matters least is measured on the training data; then the rest learns from MODEL, or the
    teacher, to do without. What that training does not improve is kept as it was cut.
    """
    if (ratio is None) == (keep is None):
        raise click.UsageError("give --ratio or --keep, one of them")

    from edgetext.compression.pruning.prune import parse_keep, prune
    from edgetext.core.tables import aligned
    from edgetext.model.checkpoint import Checkpoint
    from edgetext.recipe import Recipe
    from edgetext.tasks.metrics import in_points
    from edgetext.training.distill import recover
    from edgetext.training.splits import load_splits

    own = Checkpoint.load(model).header["recipe"]
    loaded = Recipe.load(recipe) if recipe else Recipe.from_dict(own, source=str(model))
    splits = load_splits(loaded)
    result = prune(model, parse_keep(keep) if keep else None, ratio, splits)
    rows = [(name, f"{old:,}", f"{new:,}") for name, old, new in result.changes]
    old, new = result.parameters
    rows.append(("parameters", f"{old:,}", f"{new:,}"))
    click.echo(aligned(("width", "before", "after"), rows))
    path = output or model.with_name(f"{model.stem}-pruned.pt")
    recovered = result.checkpoint.header["metrics"]["test"]
    if epochs:
        made = recover(
            teacher or model, result.checkpoint, path, epochs, learning_rate, splits, resume,
            qat_epochs=min(rounded_epochs, epochs - 1),
        )  # fmt: skip
        recovered = made.header["metrics"]["test"]
    else:
        result.checkpoint.save(path)
    click.echo()
    click.echo(aligned(
        ("test split", "before", "cut", "recovered"),
        [(name, *(f"{in_points(name, x[name]):.2f}"
                  for x in (result.before, result.after, recovered)))
         for name in result.before],
    ))  # fmt: skip
    click.echo(f"wrote {path}")
    click.echo(f"next: edgetext quantize --int8 {path}")
