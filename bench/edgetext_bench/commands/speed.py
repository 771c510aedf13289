"""`edgetext bench speed`: how many times as fast as its teacher a student is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from edgetext.commands import options
from edgetext_bench.commands import cells

if TYPE_CHECKING:
    from edgetext.recipe import Recipe
    from edgetext_bench.plan import Plan
    from edgetext_bench.rows import Cell, Results, Row


@click.command("speed")
@click.argument("recipes", nargs=-1, required=True)
@options.output("The results.", default="speed.jsonl", show_default=True)
@click.option("--quick", is_flag=True, help="Shorter turns.")
@click.option("--seed", type=int, default=1, show_default=True)
def command(recipes: tuple[str, ...], output: Path, quick: bool, seed: int) -> int:
    """How many times as fast as their teachers RECIPES' int8 students are, untrained.

    The teacher in eager PyTorch, the student as `.onnx` and `.pte`, written beside OUTPUT; one
    text at a time on one thread. Times depend on shapes: no training is needed to know them.
    """
    from edgetext.recipe import Recipe
    from edgetext_bench import plan
    from edgetext_bench import speed as speeds
    from edgetext_bench.rows import opened

    chosen = plan.narrowed(cells.Amount(quick, seed).plan(), speeds.KINDS)
    with opened(output) as results:
        failed = _measure([Recipe.load(name) for name in recipes], chosen, results)
    _print(results.rows)
    return cells.say_failed(failed)


def _measure(recipes: Sequence[Recipe], plan: Plan, results: Results) -> list[tuple[Cell, str]]:
    """Write and measure a teacher and a student a recipe; the cells that failed."""
    from edgetext.training.splits import load_splits
    from edgetext_bench import speed
    from edgetext_bench.run import common
    from edgetext_bench.server import Run

    failed: list[tuple[Cell, str]] = []
    with cells.progress() as progress:
        bar = progress.add_task("starting", total=3 * len(recipes))

        def say(text: str) -> None:
            progress.update(bar, description=text)

        for recipe in recipes:
            texts = cells.examples_of(recipe, "test")
            say(f"reading {recipe.name}")
            folder = results.path.with_suffix(".made")
            taking = speed.make(recipe, load_splits(recipe), folder, say)
            run = Run(taking, texts, plan, results, common(recipe, "test", texts, plan))
            run.say, run.advance = say, lambda: progress.advance(bar)
            run.measure()
            failed += run.failed
    return failed


def _print(rows: Sequence[Row]) -> None:
    from edgetext.core.tables import aligned
    from edgetext_bench.speed import speeds

    lines = []
    for speed in speeds(rows):
        ratio, low, high = speed.ratio
        lines.append(
            [
                speed.file,
                f"{speed.teacher:,.0f}",
                f"{speed.p50:,.0f}",
                f"{ratio:.1f}",
                f"{low:.1f}–{high:.1f}",
            ]
        )
    click.echo(aligned(["file", "teacher µs", "p50 µs", "times as fast", "95 %"], lines))
