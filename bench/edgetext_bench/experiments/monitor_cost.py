"""How much processor time of a training its monitors take.

python -m edgetext_bench.experiments.monitor_cost RECIPE [--epochs 3]

A recipe is trained once, with its own monitors or the default ones, in a folder that goes. The
processor time of each call to a monitor is counted, on the thread that trains. Threads beside it,
as the one that writes TensorBoard's files and the one that draws the bar, are a row of their own
(with --threads 1, the default, PyTorch has none that train). Importing TensorBoard happens before
the first step and is no part of it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from edgetext.core.tables import aligned
from edgetext.recipe import Recipe
from edgetext.registry import lookup
from edgetext.training import run

TOLD = ("on_start", "on_step", "on_epoch", "on_end")


def main() -> None:
    """Print a row a monitor."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    fields = [f"training.epochs={given.epochs}", f"training.threads={given.threads}"]
    spent, whole = cost(Recipe.load(given.recipe, fields))
    rows = [(name, f"{seconds:.3f}", f"{100 * seconds / whole:.2f}") for name, seconds in spent]
    sys.stdout.write(f"{whole:.1f} s of processor time\n{aligned(('', 's', '%'), rows)}\n")


def cost(recipe: Recipe) -> tuple[list[tuple[str, float]], float]:
    """Train a recipe, and give the seconds of processor time of each monitor, of threads beside
    the one that trains, and of the whole."""
    spent: defaultdict[str, float] = defaultdict(float)
    imports = 0.0
    for name in ("console", "csv", "tensorboard"):
        if recipe.monitors is None or any(section.type == name for section in recipe.monitors):
            _count(lookup("monitor", name), name, spent)
    start = time.process_time()
    if recipe.monitors is None or any(s.type == "tensorboard" for s in recipe.monitors):
        _import_tensorboard()
        imports = time.process_time() - start
    start, thread = time.process_time(), time.thread_time()
    with tempfile.TemporaryDirectory() as folder:
        run.train(recipe, folder=Path(folder) / "cost.run")
    whole = time.process_time() - start
    beside = whole - (time.thread_time() - thread)
    rows = [*spent.items(), ("all monitors", sum(spent.values())), ("other threads", beside)]
    return [*rows, ("importing TensorBoard, apart", imports)], whole


def _import_tensorboard() -> None:
    try:
        import torch.utils.tensorboard  # noqa: F401
    except ImportError:
        return


def _count(monitor: Any, name: str, spent: defaultdict[str, float]) -> None:
    """Let a class count the processor time of what it is told."""

    def counted(method: Callable[..., None]) -> Callable[..., None]:
        def call(*arguments: Any) -> None:
            start = time.thread_time()
            try:
                method(*arguments)
            finally:
                spent[name] += time.thread_time() - start

        return call

    for told in TOLD:
        setattr(monitor, told, counted(getattr(monitor, told)))


if __name__ == "__main__":
    main()
