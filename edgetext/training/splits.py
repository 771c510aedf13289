"""A recipe's data as three lists of examples, and the made-up ones of each epoch."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from edgetext.data.example import Example
from edgetext.data.source import Source, sources
from edgetext.errors import EdgetextError
from edgetext.recipe import Recipe
from edgetext.registry import lookup

Augment = Callable[[random.Random], list[Example]]


@dataclass(frozen=True, slots=True)
class Splits:
    """train, valid and test examples; `augment` makes an epoch's variant of train, when asked."""

    train: Sequence[Example]
    valid: Sequence[Example]
    test: Sequence[Example]
    augment: Augment | None
    seed: int

    def augmented(self, epoch: int) -> list[Example] | None:
        """The training examples of an epoch (0-based), always the same; None without `augment`.

        The first epoch shows the examples as they are.
        """
        if self.augment is None or epoch == 0:
            return None
        return self.augment(random.Random(self.seed * 100_003 + epoch))


def load_splits(recipe: Recipe) -> Splits:
    """Read the three splits; EdgetextError when one is missing or empty."""
    lists: dict[str, list[Example]] = {}
    for source in sources(recipe):
        lists[source.split] = _examples(source)
    return Splits(**lists, augment=_augmentation(recipe, lists["train"]), seed=recipe.seed)


def load_split(recipe: Recipe, split: str) -> list[Example]:
    """One of the three splits; EdgetextError when it is missing or empty."""
    return _examples(next(source for source in sources(recipe) if source.split == split))


def _examples(source: Source) -> list[Example]:
    examples = list(source.read())
    if not examples:
        raise EdgetextError(f"{source.name}: the {source.split} split has no examples")
    return examples


def _augmentation(recipe: Recipe, train: Sequence[Example]) -> Augment | None:
    section = recipe.data.augment
    if section is None:
        return None
    component: Any = lookup("augmentation", section.type)
    augment: Augment = component(component.Config(**section.own_fields), train)
    return augment
