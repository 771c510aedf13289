"""Where files are measured: this machine, an emulated arm64 processor, a device over adb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from edgetext_bench.commands import cells
from edgetext_bench.peers.known import NAMES

if TYPE_CHECKING:
    from edgetext.data.example import Example
    from edgetext.recipe import Recipe
    from edgetext_bench.plan import Plan
    from edgetext_bench.rows import Results
    from edgetext_bench.run import Loaded
    from edgetext_bench.taking import Taking

_NO_DEVICE = 3


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be measured on what, and where the results go.

    runtimes: only these, where it is not empty. peers: what is measured beside the files.
    """

    files: Sequence[Path]
    recipe: Recipe
    split: str
    examples: list[Example]
    plan: Plan
    results: Results
    runtimes: Sequence[str] = ()
    peers: Sequence[str] = ()

    def load(self, needed: bool = False) -> tuple[list[Loaded], int]:
        """Return the files that fit the data, and the exit status; name the others on stderr.

        needed: whether it is an error, the first file's, that none of them fits.
        """
        from edgetext_bench.run import load_files

        strict, task = self.recipe.strict, self.recipe.task
        loaded, refused = load_files(self.files, self.examples, strict, task)
        if needed and not loaded:
            raise next(iter(refused.values()))
        for error in refused.values():
            click.echo(f"left out: {error}", err=True)
        return loaded, cells.FAILED if refused else 0

    def common(self) -> dict[str, Any]:
        """Return what every row holds."""
        from edgetext_bench.run import common

        return common(self.recipe, self.split, self.examples, self.plan)


def on_server(order: Order) -> int:
    """Measure on this machine, print the table and return the exit status."""
    from edgetext_bench.server import Run
    from edgetext_bench.summary import table

    loaded, status = order.load(needed=True)
    taking, missing = _taking_part(order, loaded)
    with cells.progress() as progress:
        run = Run(taking, order.examples, order.plan, order.results, order.common())
        bar = progress.add_task("starting", total=run.cells())
        run.say = lambda text: progress.update(bar, description=text)
        run.advance = lambda: progress.advance(bar)
        for name, why in missing.items():
            run.skip(name, why)
            click.echo(f"left out: {name}: {why}", err=True)
        run.measure()
    click.echo(table(order.results.rows))
    return max(status, cells.say_failed(run.failed))


def _taking_part(order: Order, loaded: Sequence[Loaded]) -> tuple[list[Taking], dict[str, str]]:
    """Each contender, the peers among them, and why one is missing."""
    from edgetext.training.splits import load_splits
    from edgetext_bench.run import peers, portable, taking_part

    quick, folder = order.plan.quick, order.results.path.with_suffix(".made")
    taking = taking_part(loaded, order.runtimes, quick)
    more, missing = portable(loaded, order.runtimes, quick, folder)
    taking += more
    if order.peers:
        names = NAMES if "all" in order.peers else order.peers
        splits = load_splits(order.recipe)
        click.echo(f"preparing {', '.join(names)} in {folder}", err=True)
        more, without = peers(names, loaded, splits, order.recipe, folder, order.plan.seed)
        taking += more
        missing |= without
    return taking, missing


def on_android(order: Order) -> int:
    """Measure on a device over adb and return the exit status, that of no device where none is."""
    from edgetext_bench.android import AndroidRun, NoDevice, find_device

    try:
        device = find_device()
    except NoDevice as error:
        click.echo(f"android: {error}", err=True)
        return _NO_DEVICE
    loaded, status = order.load()
    run = AndroidRun(loaded, device, order.results, order.common())
    return max(status, _measured("android", run, order.results))


def on_arm64(order: Order) -> int:
    """Measure on an emulated arm64 processor and return the exit status, that of no device where
    its root is not set up."""
    from edgetext.timing.texts import sample
    from edgetext_bench.arm64.target import Arm64Run, NotReady, find_root

    try:
        root = find_root()
    except NotReady as error:
        click.echo(f"arm64: {error}", err=True)
        return _NO_DEVICE
    loaded, status = order.load()
    plan, examples = order.plan, order.examples
    chosen = sample(examples, plan.quality_texts or len(examples), plan.seed)
    run = Arm64Run(loaded, chosen, root, order.results, order.common())
    return max(status, _measured("arm64", run, order.results))


def _measured(target: str, run: Any, results: Results) -> int:
    """Measure what a run takes, and print it; the exit status."""
    from edgetext_bench.summary import table

    run.say = lambda text: click.echo(text, err=True)
    run.measure()
    click.echo(table([row for row in results.rows if row["cell"]["target"] == target]))
    return cells.say_failed(run.failed)


# By the words of `--on`.
PLACES: dict[str, Callable[[Order], int]] = {
    "server": on_server,
    "arm64": on_arm64,
    "android": on_android,
}
