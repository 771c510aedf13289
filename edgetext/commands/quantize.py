"""`edgetext quantize`: int8 weights, and what they cost."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("quantize")
@click.argument("model", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--int8", "int8", is_flag=True, help="8-bit weights and activations.")
@click.option(
    "--recipe", metavar="RECIPE", help="Whose test split measures it.  [default: the model's]"
)
@click.option(
    "--max-drop",
    type=click.FloatRange(min=0),
    metavar="POINTS",
    help="Write nothing when a metric of the test split falls by more points (of 100).",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The checkpoint to write.  [default: NAME-int8.pt beside the model]",
)
def command(
    model: Path | None,
    int8: bool,
    recipe: str | None,
    max_drop: float | None,
    output: Path | None,
) -> None:
    """Write MODEL, a checkpoint, with int8 weights and print what that costs.

    Without MODEL: the newest checkpoint of this folder that is not int8 yet.
    """
    if not int8:
        raise click.UsageError("say which precision: --int8")

    from rich.console import Console
    from rich.table import Table

    from edgetext.compression.quantize import check_drop, quantize
    from edgetext.recipe import Recipe
    from edgetext.training.newest import newest_checkpoint

    if model is None:
        model = newest_checkpoint(Path.cwd(), lambda header: header.get("variant") != "int8")
        click.echo(f"newest checkpoint here: {model.name}")
    result = quantize(model, Recipe.load(recipe) if recipe else None)

    console = Console(highlight=False)
    table = Table("layer", box=None, pad_edge=False)
    for heading in ("bytes before", "after", "error"):
        table.add_column(heading, justify="right")
    for layer in result.layers:
        error = f"{100 * layer.error:.2f} %" if layer.error else "float32"
        table.add_row(layer.name, f"{layer.before:,}", f"{layer.after:,}", error)
    total = [sum(getattr(layer, side) for layer in result.layers) for side in ("before", "after")]
    table.add_row("all", f"{total[0]:,}", f"{total[1]:,}", "")
    console.print(table)
    metrics = Table("test split", box=None, pad_edge=False)
    for heading in ("before", "after", "change"):
        metrics.add_column(heading, justify="right")
    for name, before in result.before.items():
        after = result.after[name]
        metrics.add_row(name, *(f"{100 * v:.2f}" for v in (before, after)),
                        f"{100 * (after - before):+.2f}")  # fmt: skip
    console.print(metrics)

    if max_drop is not None:
        check_drop(result, max_drop)
    path = output or model.with_name(f"{model.stem}-int8.pt")
    result.checkpoint.save(path)
    click.echo(f"wrote {path}")
    click.echo(f"next: edgetext export --target mobile {path}")
