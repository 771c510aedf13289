"""Data as users with few examples have it: some of a recipe's, and texts without labels.

python -m edgetext_bench.experiments.few_examples draw RECIPE --examples 10 -o FOLDER [--seed 1]
python -m edgetext_bench.experiments.few_examples texts RECIPE... --most 160 --count 70000 -o FILE

draw: of task classify; so many training examples of each label but those out of scope, in
train.jsonl, the other training texts in rest.txt without their labels, half as many examples of
the validation split in valid.jsonl, and the test split in scope in test.jsonl. texts: the training
texts of recipes that are no longer than `--most` bytes, each once, a share of them in random order.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Console

from edgetext.core.files import write_text
from edgetext.data.example import Example
from edgetext.data.no_label import OUT_OF_SCOPE
from edgetext.recipe import Recipe
from edgetext.training.splits import load_split

# Paragraphs are cut where a sentence ends.
SENTENCE = re.compile(r"(?<=[.!?])\s+")
# Of shorter ones nothing can be learned.
LEAST_BYTES = 4


def main() -> None:
    """Write the files, and say what is in them."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    few = commands.add_parser("draw")
    few.add_argument("recipe")
    few.add_argument("--examples", type=int, default=10)
    texts = commands.add_parser("texts")
    texts.add_argument("recipes", nargs="+")
    texts.add_argument("--most", type=int, default=160)
    texts.add_argument("--count", type=int, default=70_000)
    for each in (few, texts):
        each.add_argument("-o", "--output", type=Path, required=True)
        each.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    if given.command == "draw":
        recipe = Recipe.load(given.recipe)
        for name, lines in files(recipe, given.examples, rng).items():
            write(given.output / name, lines)
        return
    kept = sentences([Recipe.load(name) for name in given.recipes], given.most)
    rng.shuffle(kept)
    write(given.output, kept[: given.count])


def files(recipe: Recipe, count: int, rng: random.Random) -> dict[str, list[str]]:
    """Give the lines of each file of `draw`, by its name."""
    train, rest = drawn(load_split(recipe, "train"), count, rng)
    valid, _ = drawn(load_split(recipe, "valid"), max(1, count // 2), rng)
    known = {example.text for example in (*train, *valid)}
    return {
        "train.jsonl": list(rows(train)),
        "valid.jsonl": list(rows(valid)),
        "test.jsonl": list(rows(inside(load_split(recipe, "test")))),
        "rest.txt": [example.text for example in rest if example.text not in known],
    }


def inside(examples: Iterable[Example]) -> list[Example]:
    """Leave out what is out of scope."""
    return [example for example in examples if example.intent not in OUT_OF_SCOPE]


def drawn(
    examples: Iterable[Example], count: int, rng: random.Random
) -> tuple[list[Example], list[Example]]:
    """Draw so many examples of each label in scope, by the names of labels; and give the others."""
    by_label: dict[str, list[Example]] = defaultdict(list)
    for example in inside(examples):
        by_label[str(example.intent)].append(example)
    chosen: list[Example] = []
    rest: list[Example] = []
    for label in sorted(by_label):
        shuffled = rng.sample(by_label[label], len(by_label[label]))
        chosen += shuffled[:count]
        rest += shuffled[count:]
    rng.shuffle(rest)
    return chosen, rest


def rows(examples: Iterable[Example]) -> Iterator[str]:
    """Give a line of JSON Lines an example."""
    for example in examples:
        row = {"text": example.text, "intent": example.intent}
        yield json.dumps(row, ensure_ascii=False)


def sentences(recipes: Sequence[Recipe], most: int) -> list[str]:
    """Give the sentences of all training texts, each once, as long as is wanted, in the order of
    their letters."""
    texts = (text for recipe in recipes for e in load_split(recipe, "train") for text in e.texts)
    parts = (" ".join(part.split()) for text in texts for part in SENTENCE.split(text))
    return sorted({part for part in parts if LEAST_BYTES <= len(part.encode()) <= most})


def write(path: Path, lines: Sequence[str]) -> None:
    """Write a text file, a line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, "\n".join(lines) + "\n")
    Console().print(f"wrote {path}: {len(lines):,} lines", highlight=False)


if __name__ == "__main__":
    main()
