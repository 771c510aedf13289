"""What made-up texts about nothing known are worth where data has none of its own.

python -m edgetext_bench.experiments.negatives RECIPE [--set FIELD=VALUE]... [--augment YAML]...

The recipe is trained as its data would be without texts out of scope in `train` and `valid`, once
without an augmentation and once with each that is given, and measured on the test split with them:
the area under the ROC curve by which they are told apart, how many of them are recognized where a
share of the others is taken for such, and accuracy over these others.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from edgetext.data.example import Example
from edgetext.data.no_label import OUT_OF_SCOPE
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.tasks.calibration import Calibration
from edgetext.tasks.trust import outside_label, recall_at, trust
from edgetext.training.calibrating import scores_of
from edgetext.training.run import train
from edgetext.training.splits import load_splits, with_augmentation

# The shares of texts in scope that are taken for others.
ALARMS = (0.01, 0.03, 0.05)


def main() -> None:
    """Print a row a training."""
    parser = argparse.ArgumentParser()
    parser.add_argument("recipe")
    parser.add_argument("--set", action="append", default=[], dest="overrides")
    parser.add_argument("--augment", action="append", default=[])
    given = parser.parse_args()
    table = Table()
    for heading in ("augment", "in scope", "area under ROC", *(f"at {x:.0%}" for x in ALARMS)):
        table.add_column(heading, justify="left" if heading == "augment" else "right")
    for augment in ("null", *given.augment):
        recipe = Recipe.load(given.recipe, [*given.overrides, f"data.augment={augment}"])
        table.add_row(augment, *(f"{100 * x:.2f}" for x in measured(recipe)))
    Console(width=140).print(table)


def measured(recipe: Recipe) -> list[float]:
    """Train without texts out of scope, and measure with them."""
    assert recipe.data is not None
    bare = recipe.data.model_copy(update={"augment": None})
    splits = load_splits(recipe.model_copy(update={"data": bare}))
    known = replace(splits, train=inside(splits.train), valid=inside(splits.valid))
    # None in the test split either, which the trained model is measured on at once.
    model = train(
        recipe, splits=with_augmentation(replace(known, test=inside(splits.test)), recipe)
    )
    return figures(model, splits.test)


def inside(examples: Sequence[Example]) -> list[Example]:
    """Leave out the texts that are about nothing known."""
    return [example for example in examples if example.intent not in OUT_OF_SCOPE]


def figures(model: Model, test: Sequence[Example]) -> list[float]:
    """Give accuracy in scope, the area under the ROC curve and the recalls at ALARMS."""
    label = outside_label(model.header.labels["intent"])
    bare = Calibration(outside=label or OUT_OF_SCOPE[0], added=label is None, score=-1e9)
    bare = bare if label is None else replace(bare, score=0.0)
    scored = scores_of(model, list(test), bare)
    measured = trust(scored, bare)
    recalls = [recall_at(scored, bare, share) or 0.0 for share in ALARMS]
    return [measured.in_scope, measured.separation or 0.0, *recalls]


if __name__ == "__main__":
    main()
