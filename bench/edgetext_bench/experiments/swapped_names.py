"""Labeled texts with the names of other texts in the place of theirs, for a student to learn from.

python -m edgetext_bench.experiments.swapped_names TEACHER FILE... --times 3 -o FILE [--seed 1]

TEACHER: a checkpoint of task tag, whose recipe names the labeled texts. The teacher answers the
files' texts, a text a line, and each training text with a span is written so often, every span with
another value of its label, of those that the teacher was sure of or that are labeled. The files are
read without labels (`student.distillation.unlabeled`): the teacher answers what was made anew.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from edgetext.data.augment.slots import SlotsConfig, SlotSwap
from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext.training.splits import load_splits
from edgetext.training.teachers import teachers_of
from edgetext.training.unlabeled import pseudo_labeled
from edgetext_bench.experiments.few_examples import write


def main() -> None:
    """Write the file, and say how many lines it has."""
    parser = argparse.ArgumentParser()
    parser.add_argument("teacher")
    parser.add_argument("texts", nargs="+")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--confidence", type=float, default=0.4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    model = Model.load(given.teacher)
    recipe = model.recipe()
    splits = load_splits(recipe)
    # In mixed precision, as it answers a student that is trained so.
    teachers = [replace(each, mixed=True) for each in teachers_of([model], recipe.task)]
    answered = pseudo_labeled(given.texts, teachers, recipe, splits, given.confidence)
    rng = random.Random(given.seed)
    write(given.output, list(swapped(splits.train, answered.examples, given.times, rng)))


def swapped(
    labeled: Sequence[Example],
    others: Sequence[Example],
    times: int,
    rng: random.Random,
    probability: float = 1.0,
) -> Iterator[str]:
    """Give each labeled text that has a span so often, with the values of all texts; each value is
    another one with that chance."""
    swap = SlotSwap(SlotsConfig(probability=probability), [*labeled, *others])
    swap.examples = [example for example in labeled if example.spans]
    for _ in range(times):
        for example in swap(rng):
            yield " ".join(example.text.split())


if __name__ == "__main__":
    main()
