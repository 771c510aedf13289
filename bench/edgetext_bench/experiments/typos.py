"""What typing errors cost models: their metrics on a test split as it is, and mistyped.

python -m edgetext_bench.experiments.typos RECIPE FILES [--share 0.1] [--seed 1]

In each text a share of the words of two letters or more gets one error: a letter becomes one beside
it on a QWERTY keyboard, or changes its place with the next one. Both leave the bytes of a text as
many as they were, so that gold spans stay where they are. All files read the same errors.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from edgetext.data.example import Example
from edgetext.evaluation.answers import evaluate
from edgetext.predictor import load
from edgetext.recipe import Recipe
from edgetext.training.splits import load_questions

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
WORD = re.compile(r"[A-Za-z]{2,}")


def main() -> None:
    """Print a row a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    recipe = Recipe.load(given.recipe)
    clean = load_questions(recipe, "test")
    generator = random.Random(given.seed)
    mistyped = [replace(e, text=with_typos(e.text, given.share, generator)) for e in clean]
    before, after = (metrics(given.files, examples, recipe) for examples in (clean, mistyped))
    table = Table(title=f"{len(clean)} texts, a typing error in {given.share:.0%} of the words")
    for heading in ("model", "metric", "as it is", "mistyped", "lost"):
        table.add_column(heading, justify="left" if heading in ("model", "metric") else "right")
    for file, one, other in zip(given.files, before, after, strict=True):
        for name, value in one.items():
            lost = value - other[name]
            table.add_row(str(file), name, *(f"{100 * x:.2f}" for x in (value, other[name], lost)))
    Console().print(table)


def metrics(
    files: Sequence[Path], examples: Sequence[Example], recipe: Recipe
) -> list[dict[str, float]]:
    """Give each file's metrics of the task on the examples."""
    predictors = [load(file) for file in files]
    return [
        measured.metrics(examples)
        for measured in evaluate(predictors, examples, strict=recipe.strict)
    ]


def with_typos(text: str, share: float, generator: random.Random) -> str:
    """Mistype a share of the words of a text."""

    def mistype(word: re.Match[str]) -> str:
        return _mistyped(word[0], generator) if generator.random() < share else word[0]

    return WORD.sub(mistype, text)


def _mistyped(word: str, generator: random.Random) -> str:
    """Replace one letter of a word by its neighbour, or let two change places."""
    at = generator.randrange(len(word))
    if at + 1 < len(word) and generator.random() < 0.5:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    (row,) = (row for row in ROWS if word[at].lower() in row)
    place = row.index(word[at].lower())
    beside = [row[i] for i in (place - 1, place + 1) if 0 <= i < len(row)]
    return word[:at] + generator.choice(beside) + word[at + 1 :]


if __name__ == "__main__":
    main()
