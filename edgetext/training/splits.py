"""A recipe's data as three lists of examples, and the made-up ones of each epoch."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from edgetext.data.example import Example
from edgetext.data.source import SPLITS, Source, sources
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
    if recipe.tasks is not None:
        return _mixed({name: load_splits(part) for name, part in parts_of(recipe).items()}, recipe)
    lists: dict[str, list[Example]] = {}
    for source in sources(recipe):
        lists[source.split] = _examples(source)
    return Splits(**lists, augment=_augmentation(recipe, lists["train"]), seed=recipe.seed)


def load_split(recipe: Recipe, split: str) -> list[Example]:
    """One of the three splits; EdgetextError when it is missing or empty."""
    if recipe.tasks is not None:
        return [
            replace(example, task=f"{name}={part.task}")
            for name, part in parts_of(recipe).items()
            for example in load_split(part, split)
        ]
    return _examples(next(source for source in sources(recipe) if source.split == split))


def parts_of(recipe: Recipe) -> dict[str, Recipe]:
    """The recipe of each part of a recipe with `tasks:`, by name."""
    return {
        name: recipe.model_copy(update={"task": part.task, "data": part.data, "tasks": None})
        for name, part in (recipe.tasks or {}).items()
    }


def _mixed(parts: Mapping[str, Splits], recipe: Recipe) -> Splits:
    """The parts' splits one after the other; an epoch samples from each by `recipe.sampling`."""
    specs = {name: f"{name}={part.task}" for name, part in (recipe.tasks or {}).items()}

    def marked(name: str, examples: Sequence[Example]) -> list[Example]:
        return [replace(example, task=specs[name]) for example in examples]

    sizes = {name: len(part.train) for name, part in parts.items()}
    shares = {name: size ** (1 / recipe.sampling) for name, size in sizes.items()}
    total = sum(sizes.values())
    counts = {name: int(total * x / sum(shares.values())) for name, x in shares.items()}
    # An epoch has as many examples as the files: what the rounding left goes to the first part.
    counts[next(iter(counts))] += total - sum(counts.values())

    def sample(rng: random.Random) -> list[Example]:
        epoch: list[Example] = []
        for name, part in parts.items():
            pool = part.train if part.augment is None else part.augment(rng)
            whole, rest = divmod(counts[name], len(pool))
            epoch += marked(name, [*pool] * whole + rng.sample(list(pool), rest))
        return epoch

    varies = recipe.sampling != 1 or any(part.augment is not None for part in parts.values())
    lists = {
        split: [e for name, part in parts.items() for e in marked(name, getattr(part, split))]
        for split in SPLITS
    }
    return Splits(**lists, augment=sample if varies else None, seed=recipe.seed)


def _examples(source: Source) -> list[Example]:
    examples = list(source.read())
    if not examples:
        raise EdgetextError(f"{source.name}: the {source.split} split has no examples")
    return examples


def _augmentation(recipe: Recipe, train: Sequence[Example]) -> Augment | None:
    section = recipe.data.augment if recipe.data is not None else None
    if section is None:
        return None
    component: Any = lookup("augmentation", section.type)
    augment: Augment = component(component.Config(**section.own_fields), train)
    return augment
