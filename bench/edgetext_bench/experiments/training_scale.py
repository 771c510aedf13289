"""How training grows: memory and time of streamed texts, and speed by the number of processes.

    python -m edgetext_bench.experiments.training_scale memory --texts 200000 --texts 2000000
    python -m edgetext_bench.experiments.training_scale processes snips_joint --counts 1 2

`memory` writes shards of made-up requests (those of SNIPS with a number behind) into a folder of
its own and trains one epoch of a small classifier on each size with `data.stream`. `processes`
trains epochs of a recipe with as many processes as torchrun starts, in rounds, and counts the texts
a second of the fastest epoch of each but the first.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import click

from edgetext.recipe import Recipe
from edgetext.training.splits import load_splits
from edgetext_bench.experiments.measured_process import measured

SHARDS = 8
RECIPE = """\
name: streamed
task: classify
data: {type: jsonl, train: "train-*.jsonl.gz", valid: valid.jsonl, test: valid.jsonl, stream: 50000}
text: {vocabulary: 1000}
encoder: {type: cnn, embedding: 32, hidden: 32}
training: {epochs: 1, batch_size: 128, learning_rate: 0.002, threads: 1}
monitors: [csv]
"""


@click.group()
def main() -> None:
    """Measure how training grows."""


@main.command()
@click.option("--texts", "sizes", type=int, multiple=True, default=(200_000, 2_000_000))
def memory(sizes: Sequence[int]) -> None:
    """Print peak memory and processor time by the number of texts."""
    requests = [(e.text, e.intent) for e in load_splits(Recipe.load("snips_joint")).train]
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="edgetext-scale-") as folder:
            write_shards(Path(folder), size, requests)
            words = [sys.executable, "-m", "edgetext", "train", f"{folder}/recipe.yaml"]
            spent = measured([*words, "-o", f"{folder}/model.pt"])
        click.echo(
            f"{size:>10,} texts  peak {spent.peak / 1024:6.0f} MiB  {spent.processor:7.1f} s of "
            f"processor time, {1e6 * spent.processor / size:5.1f} us a text"
        )


@main.command()
@click.argument("recipe")
@click.option("--counts", type=int, multiple=True, default=(1, 2))
@click.option("--rounds", type=int, default=3)
@click.option("--epochs", type=int, default=2)
@click.option("--set", "overrides", multiple=True, help="A field of the recipe, as for `train`.")
def processes(
    recipe: str, counts: Sequence[int], rounds: int, epochs: int, overrides: Sequence[str]
) -> None:
    """Print texts a second by the number of processes, and as a multiple of the first."""
    texts = len(load_splits(Recipe.load(recipe)).train)
    rates: dict[int, list[float]] = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            rates[count].append(texts / epoch_seconds(recipe, count, epochs, overrides))
    first = rates[counts[0]]
    for count in counts:
        ratio = median(a / b for a, b in zip(rates[count], first, strict=True))
        click.echo(f"{count} processes  {median(rates[count]):8.0f} texts/s  {ratio:.2f} x")


def write_shards(folder: Path, size: int, requests: Sequence[tuple[str, str | None]]) -> None:
    """Write `size` made-up requests as shards, some of the true ones for validation, and a
    recipe."""
    rng = random.Random(1)
    for shard in range(SHARDS):
        with gzip.open(folder / f"train-{shard}.jsonl.gz", "wt", compresslevel=1) as file:
            for number in range(shard, size, SHARDS):
                text, intent = rng.choice(requests)
                row = {"text": f"{text} {number % 9973}", "intent": intent}
                file.write(json.dumps(row) + "\n")
    rows = [json.dumps({"text": text, "intent": intent}) for text, intent in requests[:500]]
    (folder / "valid.jsonl").write_text("\n".join(rows), "utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, "utf-8")


def epoch_seconds(recipe: str, count: int, epochs: int, overrides: Sequence[str]) -> float:
    """Train with so many processes, and give the seconds of the fastest epoch after the first."""
    with tempfile.TemporaryDirectory(prefix="edgetext-scale-") as name:
        folder = Path(name)
        launcher = [] if count == 1 else ["-m", "torch.distributed.run", "--standalone"]
        launcher += [] if count == 1 else ["--nproc-per-node", str(count)]
        words = [sys.executable, *launcher, "-m", "edgetext", "train", recipe]
        settings = [f"training.epochs={epochs + 1}", "monitors=[stamp]", "training.threads=1"]
        settings += overrides
        options = [word for setting in settings for word in ("--set", setting)]
        stamp = folder / "stamp.py"
        stamp.write_text(STAMP.format(file=str(folder / "stamps")), "utf-8")
        command = [*words[:-2], "--import", str(stamp), *words[-2:], *options]
        subprocess.run([*command, "-o", str(folder / "m.pt")], check=True, capture_output=True)
        times = [float(line) for line in (folder / "stamps").read_text().split()]
    # Validation, which all processes do alike, is not between a stamp at the end of the steps and
    # the first step after it.
    return min(b - a for a, b in zip(times[2::2], times[3::2], strict=True))


STAMP = """
import time
from edgetext.registry import register
from edgetext.training.monitors.monitor import Monitor

@register("monitor", "stamp")
class Stamp(Monitor):
    def on_start(self, start):
        self.steps = start.steps

    def on_step(self, step):
        place = (step.step - 1) % self.steps
        if place in (0, self.steps - 1):
            with open({file!r}, "a") as file:
                file.write(f"{{time.perf_counter()}}\\n")
"""


if __name__ == "__main__":
    main()
