"""`edgetext quantize`: int8 weights, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext.commands import options

if TYPE_CHECKING:
    from edgetext.compression.quantization.quantize import Quantized


@dataclass(frozen=True, slots=True)
class _Given:
    """The options that say which layers become what, and how they are trained for it."""

    int8: bool
    int4: bool
    int4_layers: str | None
    scheme: str | None
    static: bool
    calibrate: str | None
    method: Any
    keep_float: str | None
    qat: bool
    epochs: int | None
    learning_rate: float | None
    resume: bool

    def check(self) -> None:
        """Raise a UsageError for options that do not go together."""
        if not self.int8 and not self.int4 and not self.scheme:
            raise click.UsageError("say which precision: --int8 or --int4, or another --scheme")
        if self.int4 and self.scheme:
            raise click.UsageError("--int4 and --scheme exclude each other")
        if self.int4_layers and not self.int4:
            raise click.UsageError("--int4-layers belongs to --int4")
        if not self.static and (self.calibrate or self.method):
            raise click.UsageError("--calibrate and --method belong to --static")
        if not self.qat and (self.epochs or self.learning_rate or self.resume):
            raise click.UsageError("--epochs, --learning-rate and --resume belong to --qat")

    @property
    def four_bits(self) -> Any:
        """The layers whose weights have 4 bits, or "all"."""
        layers = options.names(self.int4_layers) or (["embedding"] if self.int4 else [])
        return "all" if layers == ["all"] else layers

    def arguments(self, tuned: Path) -> dict[str, Any]:
        """Return them as `edgetext.quantize` takes them; tuned: where what --qat gives goes."""
        from edgetext.api.quantize import Training
        from edgetext.training.run import state_path

        keep = options.names(self.keep_float)
        training: dict[str, Any] = {"epochs": self.epochs, "learning_rate": self.learning_rate}
        chosen = {name: value for name, value in training.items() if value is not None}
        chosen |= {"resume": self.resume, "state": state_path(tuned)}
        return {
            "int4": self.four_bits,
            "scheme": self.scheme or "int8",
            "static": (self.method or "percentile") if self.static else None,
            "calibrate": self.calibrate,
            "keep_float": "auto" if keep == ["auto"] else keep,
            "qat": Training(**chosen, done=lambda model: model.save(tuned)) if self.qat else None,
        }


@click.command("quantize")
@click.argument("model", type=options.FILE, required=False)
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
@options.recipe("Whose test split measures it.  [default: the model's]")
@click.option(
    "--static",
    is_flag=True,
    help="Static quantization: convolutions whose activations' scales are calibrated on data.",
)
@click.option(
    "--calibrate",
    metavar="DATA",
    help="With --static: a recipe (its training split) or a data file.  [default: the model's]",
)
@click.option(
    "--method",
    type=click.Choice(["minmax", "percentile", "entropy"]),
    help="With --static: how much of the values the scales cover.  [default: percentile]",
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
    help="First train on, fake-quantized, on the teacher's answers (NAME-qat.pt).",
)
@click.option("--epochs", type=click.IntRange(min=1), help="Of --qat.  [default: 5]")
@click.option(
    "--learning-rate",
    type=click.FloatRange(0, 1, min_open=True),
    help="Of --qat.  [default: 0.0005]",
)
@options.resume("Go on with an interrupted --qat.")
@click.option(
    "--max-drop",
    type=click.FloatRange(min=0),
    metavar="POINTS",
    help="Write nothing when a metric of the test split falls by more points (of 100).",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="NAME",
    help="A metric that --max-drop is about, as macro_f1; may be given again.  [default: all that "
    "the task measures]",
)
@click.option(
    "--data",
    type=options.FILE,
    help="Measure on this file, not on a recipe's splits: labeled examples, or texts alone (.txt), "
    "of which the share that is answered as before counts. With --max-drop the worst layers stay "
    "float32 until it holds.",
)
@options.output(
    "The checkpoint to write.  [default: NAME-int8.pt, NAME-int4.pt or NAME-SCHEME.pt, beside the "
    "model]",
    options.WRITTEN_CHECKPOINT,
)
def command(
    model: Path | None,
    recipe: str | None,
    max_drop: float | None,
    metrics: tuple[str, ...],
    output: Path | None,
    data: Path | None,
    **given: Any,
) -> None:
    """Write MODEL, a checkpoint, with integer weights and print what that costs.

    Without MODEL: the newest checkpoint of this folder that is not quantized yet.
    """
    chosen = _Given(**given)
    chosen.check()

    from edgetext.api.quantize import quantize, quantized_path, tuned_path
    from edgetext.model.newest import newest_checkpoint

    if model is None:
        model = newest_checkpoint(Path.cwd(), lambda header: not header.quantized)
        click.echo(f"newest checkpoint here: {model.name}")
    path = output or options.beside(
        quantized_path(model, chosen.four_bits, chosen.scheme or "int8")
    )

    tuned = tuned_path(model)

    def show(result: Quantized) -> None:
        if chosen.qat:
            click.echo(f"wrote {tuned}")
        _print(result, "test split" if data is None else data.name)

    result = quantize(
        model,
        max_drop=max_drop,
        metrics=metrics,
        recipe=recipe,
        data=data,
        measured=show,
        **chosen.arguments(tuned),
    )
    result.model.save(path)
    click.echo(f"wrote {path}")
    named = options.quoted(path)
    click.echo(f"next: edgetext export --target mobile {named}")


def _print(result: Quantized, title: str) -> None:
    """What became of each layer, and the metrics before and after on what is called `title`."""
    from edgetext.core.tables import aligned
    from edgetext.tasks.metrics import in_points

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
        (
            name,
            f"{in_points(name, old):.2f}",
            f"{in_points(name, result.after[name]):.2f}",
            f"{in_points(name, result.after[name] - old):+.2f}",
        )
        for name, old in result.before.items()
    ]
    click.echo(aligned((title, "before", "after", "change"), changes))
    if result.kept:
        click.echo(f"float32 all the same: {', '.join(result.kept)}")
