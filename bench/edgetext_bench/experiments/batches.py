"""Texts a second on one core: one text a call, and several in a run of a batch file.

    python -m edgetext_bench.experiments.batches RECIPE FILE ... [--sizes 1 8 64] [--peer]

Each FILE is one of `export --target server`; beside it lies what `--batch` wrote, NAME-batch.onnx.
The texts are those of the recipe's test split in an order of their own. In each round all
contenders answer all texts, in an order that is drawn anew; the time is the processor's, from text
to answer. "all" gives a batch file the whole split at once, of which `predict_many` answers texts
of like lengths together. --peer: also scikit-learn's TF-IDF of words and letters and a logistic
regression, trained on the recipe's training split, one text a call and in the same batches.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.splits import load_questions, load_splits
from edgetext_bench.peers.tfidf import fit

Texts = Sequence[str]
# What answers some texts at once, and how many it is given; None for all.
Contender = tuple[Callable[[Texts], object], int | None]


def of_file(path: Path, sizes: Sequence[int]) -> dict[str, Contender]:
    """A file of one text, and its batch file with so many texts a call."""
    one = load(path).predict
    batch = load(path.with_stem(f"{path.stem}-batch")).predict_many
    calls: dict[str, Contender] = {"one text a call": (lambda texts: one(texts[0]), 1)}
    calls |= {f"batch file, {size}": (batch, size) for size in sizes}
    return {f"{path.stem}: {name}": call for name, call in calls.items()} | {
        f"{path.stem}: batch file, all": (batch, None)
    }


def of_peer(recipe: Recipe, sizes: Sequence[int]) -> dict[str, Contender]:
    """scikit-learn's model, with one text a call and with so many."""
    predict = fit(load_splits(recipe).train).predict_proba
    return {f"TF-IDF: {size} a call": (predict, size) for size in sorted({1, *sizes})}


def measure(
    contenders: dict[str, Contender], texts: list[str], rounds: int
) -> dict[str, list[float]]:
    """Microseconds of processor time a text, one figure a round."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    orders = random.Random(0)
    for number in range(-1, rounds):
        for name in orders.sample(list(contenders), len(contenders)):
            ask, size = contenders[name]
            step = size or len(texts)
            parts = [texts[i : i + step] for i in range(0, len(texts), step)]
            start = time.process_time()
            for part in parts:
                ask(part)
            if number >= 0:
                taken[name].append((time.process_time() - start) / len(texts) * 1e6)
    return taken


def main() -> None:
    """Print a row a contender."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipe")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--texts", type=int, default=700)
    parser.add_argument("--bytes", type=int, help="texts of so many, joined of those")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--peer", action="store_true")
    given = parser.parse_args()
    recipe = Recipe.load(given.recipe)
    texts = [example.text for example in load_questions(recipe, "test")]
    random.Random(1).shuffle(texts)
    texts = texts[: given.texts]
    if given.bytes:
        texts = [" ".join([*texts[i:], *texts])[: given.bytes] for i in range(len(texts))]
    contenders: dict[str, Contender] = {}
    for file in given.files:
        contenders |= of_file(file, given.sizes)
    if given.peer:
        contenders |= of_peer(recipe, given.sizes)
    taken = measure(contenders, texts, given.rounds)
    show({name: float(np.median(times)) for name, times in taken.items()}, len(texts))


def show(taken: dict[str, float], texts: int) -> None:
    """taken: microseconds a text; a file of one text comes before its batch file."""
    table = Table("contender", title=f"{texts} texts, one core, processor time")
    for heading in ("µs a text", "texts a second", "of one text a call", "of TF-IDF, 1 a call"):
        table.add_column(heading, justify="right")
    base, peer = np.nan, taken.get("TF-IDF: 1 a call", np.nan)
    for name, time_of_one in taken.items():
        # One text a call stands before what is compared with it.
        base = time_of_one if name.endswith(": one text a call") else base
        ratio = "" if name.startswith("TF-IDF") else f"{base / time_of_one:.2f}"
        of_peer = "" if np.isnan(peer) else f"{peer / time_of_one:.1f}"
        table.add_row(name, f"{time_of_one:.1f}", f"{1e6 / time_of_one:,.0f}", ratio, of_peer)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
