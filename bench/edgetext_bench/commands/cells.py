"""What the commands that measure share: how much, of which texts, a bar, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.progress import Progress

    from edgetext.data.example import Example
    from edgetext.recipe import Recipe
    from edgetext_bench.plan import Plan
    from edgetext_bench.rows import Cell

FAILED = 1
Numbers = tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Amount:
    """The options that say how much is measured; None: as much as `--quick`, or its lack, says."""

    quick: bool
    seed: int
    threads: Numbers = None
    batches: Numbers = None
    lengths: Numbers = None
    cross: bool = False
    kinds: tuple[str, ...] | None = None

    def plan(self) -> Plan:
        """Return the plan; EdgetextError for more threads than cores, and for unknown kinds."""
        from dataclasses import replace

        from edgetext.core.errors import EdgetextError
        from edgetext.timing import machine
        from edgetext_bench import plan

        cores = len(machine.cores())
        if self.threads is not None and max(self.threads) > cores:
            raise EdgetextError(f"--threads {max(self.threads)}: there are only {cores} cores here")
        usual = plan.quick(cores) if self.quick else plan.full(cores)
        return replace(
            usual,
            seed=self.seed,
            cross=self.cross,
            threads=self.threads or usual.threads,
            batches=self.batches or usual.batches,
            lengths=self.lengths or usual.lengths,
            kinds=_known(self.kinds) if self.kinds else usual.kinds,
        )


def _known(kinds: tuple[str, ...]) -> tuple[str, ...]:
    from edgetext.core.errors import EdgetextError
    from edgetext.core.nearest import nearest
    from edgetext_bench.plan import KINDS

    for kind in kinds:
        if kind not in KINDS:
            raise EdgetextError(
                f"--only {kind}: nothing of that kind is measured{nearest(kind, KINDS)} (kinds: "
                f"{', '.join(KINDS)})"
            )
    return kinds


def examples_of(recipe: Recipe, split: str) -> list[Example]:
    """Return what a model is asked of a split; EdgetextError when that is nothing."""
    from edgetext.core.errors import EdgetextError
    from edgetext.training.splits import load_questions

    examples = load_questions(recipe, split)
    if not examples:
        raise EdgetextError(f"recipe {recipe.name}: the {split} split has no texts to measure on")
    return examples


def progress() -> Progress:
    """Make the bar of what is being measured."""
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

    from edgetext.core import console

    return console.bar(TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn())


def say_failed(failed: Sequence[tuple[Cell, str]]) -> int:
    """Name the cells that did not come to an end, on stderr; return the exit status."""
    for cell, fault in failed:
        click.echo(f"failed: {cell}: {fault}", err=True)
    return FAILED if failed else 0


def say_next(results: Any) -> None:
    """Say how the file of the results becomes a report."""
    click.echo(f"next: edgetext bench report {results} -o {results.with_suffix('.html')}")
