"""`edgetext bench scale`: how latency grows with width and vocabulary."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgetext.commands import options
from edgetext_bench.commands import cells

if TYPE_CHECKING:
    from edgetext.recipe import Recipe
    from edgetext_bench.plan import Plan
    from edgetext_bench.rows import Cell, Results
    from edgetext_bench.scale import Point


@click.command("scale")
@options.recipe("Whose network and texts to take.", required=True, formerly="--data")
@options.output("The results.", default="scale.jsonl", show_default=True)
@click.option(
    "--width",
    "widths",
    type=options.Listed(click.IntRange(4, 4096)),
    metavar="N,...",
    help="Widths of the encoder.  [default: 32,64,128,256,512]",
)
@click.option(
    "--vocabulary",
    "vocabularies",
    type=options.Listed(click.IntRange(50, 100_000)),
    metavar="N,...",
    help="Pieces, at most.  [default: 500,1000,2500,6000]",
)
@click.option("--quick", is_flag=True, help="Shorter turns.")
@click.option("--seed", type=int, default=1, show_default=True)
def command(
    recipe: str,
    output: Path,
    widths: tuple[int, ...] | None,
    vocabularies: tuple[int, ...] | None,
    quick: bool,
    seed: int,
) -> int:
    """How latency grows with width and vocabulary: networks of RECIPE's kind, untrained.

    Each is written in float32 and int8 (as of `quantize --int8 --static` where it convolves) as
    `.onnx` and `.pte`, beside OUTPUT, and measured whole and as a network alone. Their answers mean
    nothing and are not looked at.
    """
    from edgetext.recipe import Recipe
    from edgetext_bench import plan
    from edgetext_bench import scale as scales
    from edgetext_bench.report.scale import curves
    from edgetext_bench.rows import opened

    loaded = Recipe.load(recipe)
    points = scales.points(loaded, widths or scales.WIDTHS, vocabularies or scales.VOCABULARIES)
    chosen = plan.narrowed(cells.Amount(quick, seed).plan(), scales.KINDS)
    with opened(output) as results:
        failed = _measure(loaded, points, chosen, results)
    for curve in curves(results.rows):
        times = ", ".join(f"{time:,.0f} at {size:g}" for size, time, _ in curve.points)
        click.echo(f"{curve.in_words()}: p50 µs {times}")
    status = cells.say_failed(failed)
    cells.say_next(output)
    return status


def _measure(
    recipe: Recipe, points: list[Point], plan: Plan, results: Results
) -> list[tuple[Cell, str]]:
    """Write and measure a network a point; the cells that failed."""
    from edgetext.training.splits import load_splits
    from edgetext_bench import scale
    from edgetext_bench.run import common
    from edgetext_bench.server import Run

    splits = load_splits(recipe)
    with cells.progress() as progress:
        bar = progress.add_task("starting", total=None)

        def say(text: str) -> None:
            progress.update(bar, description=text)

        folder = results.path.with_suffix(".made")
        taking = list(scale.make(recipe, splits, points, folder, say))
        known = common(recipe, "test", splits.test, plan)
        runs = [Run(x, splits.test, plan, results, known) for x in scale.groups(taking)]
        progress.update(bar, total=sum(run.cells() for run in runs))
        for run in runs:
            run.say, run.advance = say, lambda: progress.advance(bar)
            run.measure()
    return [fault for run in runs for fault in run.failed]
