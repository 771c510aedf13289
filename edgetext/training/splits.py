"""A recipe's data as three lists of examples, and the made-up ones of each epoch."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from edgetext.data.example import Example
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
    section = recipe.data
    component: Any = lookup("reader", section.type)
    reader = component(component.Config(**section.own_fields))
    lists = {}
    for name in ("train", "valid", "test"):
        path = getattr(section, name)
        if path is None:
            raise EdgetextError(f"recipe {recipe.name} names no data.{name}; add the file there")
        lists[name] = list(reader.read(recipe.find(path)))
        if not lists[name]:
            raise EdgetextError(f"{path}: the {name} split has no examples")
    return Splits(**lists, augment=None, seed=recipe.seed)
