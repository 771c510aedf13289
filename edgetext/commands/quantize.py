"""`edgetext quantize`: int8 weights, and what they cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


@click.command("quantize")
@click.argument("model", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--int8", "int8", is_flag=True, help="8-bit weights and activations.")
@click.option("--int4", is_flag=True, help="4-bit weights for --int4-layers, 8-bit ones elsewhere.")
@click.option(
    "--int4-layers",
    metavar="LAYER,…",
    help="With --int4: which layers; `all`: each that would have 8 bits.  [default: embedding]",
)
@click.option(
    "--scheme",
    metavar="NAME",
    help="Another scheme of storing layers, as one of your own (`edgetext --import FILE`).",
)
@click.option(
    "--recipe", metavar="RECIPE", help="Whose test split measures it.  [default: the model's]"
)
@click.option(
    "--static",
    is_flag=True,
    help="Fixed steps for what convolutions take and give, found on data beforehand.",
)
@click.option(
    "--calibrate",
    metavar="DATA",
    help="With --static: a recipe (its training split) or a data file.  [default: the model's]",
)
@click.option(
    "--method",
    type=click.Choice(["minmax", "percentile", "entropy"]),
    help="With --static: how much of the values the steps cover.  [default: percentile]",
)
@click.option(
    "--keep-float",
    metavar="LAYER,…",
    help="Layers that stay float32; `auto`: the worst, until --max-drop holds on the validation "
    "split.",
)
@click.option(
    "--qat",
    is_flag=True,
    help="First train on with the rounding in place, on the teacher's answers (NAME-qat.pt).",
)
@click.option("--epochs", type=click.IntRange(min=1), help="Of --qat.  [default: 5]")
@click.option(
    "--learning-rate",
    type=click.FloatRange(0, 1, min_open=True),
    help="Of --qat.  [default: 0.0005]",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted --qat.")
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
    help="The checkpoint to write.  [default: NAME-int8.pt, or NAME-int4.pt, beside the model]",
)
def command(
    model: Path | None,
    int8: bool,
    int4: bool,
    int4_layers: str | None,
    scheme: str | None,
    recipe: str | None,
    static: bool,
    calibrate: str | None,
    method: Any,
    keep_float: str | None,
    qat: bool,
    epochs: int | None,
    learning_rate: float | None,
    resume: bool,
    max_drop: float | None,
    output: Path | None,
) -> None:
    """Write MODEL, a checkpoint, with int8 weights and print what that costs.

    Without MODEL: the newest checkpoint of this folder that is not quantized yet.
    """
    if not int8 and not int4 and not scheme:
        raise click.UsageError("say which precision: --int8 or --int4, or another --scheme")
    if int4 and scheme:
        raise click.UsageError("--int4 and --scheme exclude each other")
    if int4_layers and not int4:
        raise click.UsageError("--int4-layers belongs to --int4")
    if not static and (calibrate or method):
        raise click.UsageError("--calibrate and --method belong to --static")

    if not qat and (epochs or learning_rate or resume):
        raise click.UsageError("--epochs, --learning-rate and --resume belong to --qat")

    from edgetext.compression.quantization.quantize import ALL, AUTO, Choices, check_drop, quantize
    from edgetext.core.tables import aligned
    from edgetext.model.newest import newest_checkpoint
    from edgetext.recipe import Recipe
    from edgetext.tasks.metrics import in_points
    from edgetext.training.variants import INT4, INT8, is_quantized

    if model is None:
        model = newest_checkpoint(Path.cwd(), lambda header: not is_quantized(header))
        click.echo(f"newest checkpoint here: {model.name}")
    keep = _names(keep_float)
    four_bits = _names(int4_layers) or (["embedding"] if int4 else [])
    choices = Choices(
        int4=ALL if four_bits == [ALL] else four_bits,
        scheme=scheme or INT8,
        static=(method or "percentile") if static else None,
        calibrate=calibrate,
        keep=AUTO if keep == [AUTO] else keep,
        max_drop=max_drop,
    )
    loaded = Recipe.load(recipe) if recipe else None
    variant = INT4 if int4 else scheme or INT8
    path = output or model.with_name(f"{model.stem}-{variant}.pt")
    if qat:
        from edgetext.compression.quantization.qat import train_quantized

        tuned = model.with_name(f"{model.stem}-qat.pt")
        train_quantized(model, tuned, epochs or 5, learning_rate or 5e-4, loaded, choices, resume)
        click.echo(f"wrote {tuned}")
        model = tuned
    result = quantize(model, loaded, choices)

    rows = [
        (
            layer.name,
            f"{layer.before:,}",
            f"{layer.after:,}",
            f"{100 * layer.weights:.2f} %" if layer.weights else "float32",
            f"{100 * layer.outputs:.2f} %" if layer.weights else "",
        )
        for layer in result.layers
    ]
    before = sum(layer.before for layer in result.layers)
    after = sum(layer.after for layer in result.layers)
    rows.append(("all", f"{before:,}", f"{after:,}", "", ""))
    click.echo(
        aligned(("layer", "bytes before", "after", "weights off by", "alone, outputs"), rows)
    )
    click.echo()
    changes = [
        (name, f"{in_points(name, old):.2f}", f"{in_points(name, result.after[name]):.2f}",
         f"{in_points(name, result.after[name] - old):+.2f}")
        for name, old in result.before.items()
    ]  # fmt: skip
    click.echo(aligned(("test split", "before", "after", "change"), changes))

    if max_drop is not None:
        check_drop(result, max_drop)
    result.checkpoint.save(path)
    click.echo(f"wrote {path}")
    click.echo(f"next: edgetext export --target mobile {path}")


def _names(text: str | None) -> list[str]:
    return [name.strip() for name in (text or "").split(",") if name.strip()]
