"""Labeled texts with names out of other texts as values of their slots, for a student.

python -m edgetext_bench.experiments.named_values RECIPE FILE... --slots NAMES -o FILE [--times 3]
python -m edgetext_bench.experiments.named_values RECIPE FILE... --names -o FILE

RECIPE: of task joint, which names the labeled texts. FILE: texts, a line each, whose capitalized
words tell where names are. Each training text with a span is written so often, most spans with
another value of its label; of the slots that are named, `--share` of them are names out of the
files, in small letters. The files are read without labels (`student.distillation.unlabeled`): the
teacher answers what was made. With --names the file has the names alone, a line each, as
`data.augment.values` takes them.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from edgetext.data.example import Example, Span
from edgetext.recipe import Recipe
from edgetext.training.splits import load_splits
from edgetext_bench.experiments.few_examples import write
from edgetext_bench.experiments.swapped_names import swapped

# The chance that a value is another one.
CHANGED = 0.8
# Words that begin with a capital letter, and small words between two of them.
_WORD = r"[A-Z][a-z]+"
_NAME = re.compile(rf"(?<![.!?] )\b{_WORD}(?: (?:(?:of|the|and|in|a|to|for|on) )*{_WORD}){{0,5}}\b")


def main() -> None:
    """Write the file, and say how many lines it has."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe")
    parser.add_argument("texts", nargs="+", type=Path)
    asked = parser.add_mutually_exclusive_group(required=True)
    asked.add_argument("--slots", help="labels whose values may be any name")
    asked.add_argument("--names", action="store_true", help="write the names alone")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    lines = (line for path in given.texts for line in path.read_text("utf-8").splitlines())
    names = names_in(lines)
    if given.names:
        write(given.output, names)
        return
    labeled = load_splits(Recipe.load(given.recipe)).train
    rng = random.Random(given.seed)
    others = valued(labeled, names, given.slots.split(","), given.share, rng)
    write(given.output, list(swapped(labeled, others, given.times, rng, CHANGED)))


def names_in(lines: Iterable[str]) -> list[str]:
    """Give each name of the texts once, in small letters; none of what begins a text, where any
    word is capitalized."""
    known = {m[0].lower(): None for line in lines for m in _NAME.finditer(line) if m.start()}
    return list(known)


def valued(
    labeled: Sequence[Example],
    names: Sequence[str],
    slots: Sequence[str],
    share: float,
    rng: random.Random,
) -> list[Example]:
    """Make each name the value of a slot, so often that `share` of a slot's values are names."""
    examples = []
    for slot in slots:
        count = sum(span.label == slot for example in labeled for span in example.spans)
        for name in rng.choices(names, k=round(count * share / (1 - share))):
            span = Span(slot, 0, len(name.encode("utf-8")))
            examples.append(Example(name, None, (span,), "names"))
    return examples


if __name__ == "__main__":
    main()
