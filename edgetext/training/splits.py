"""A recipe's data as three lists of examples, and the made-up ones of each epoch."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.locate import augmentation
from edgetext.data.example import Example
from edgetext.data.source import Source, sources
from edgetext.recipe import Recipe
from edgetext.tasks.task import task_of
from edgetext.training.epoch_seed import epoch_seed
from edgetext.training.progress import Goals
from edgetext.training.streaming import StreamedExamples, check_held

Augment = Callable[[random.Random], list[Example]]


@dataclass(frozen=True, slots=True)
class Splits:
    """train, valid and test examples; `augment` makes an epoch's variant of train, when asked.

    variants: how many of them take turns, where epochs are not to have one each. by_progress: makes
    an epoch in the place of `augment`, by the metrics of the validation split after the last one.
    """

    train: Sequence[Example]
    valid: Sequence[Example]
    test: Sequence[Example]
    augment: Augment | None
    seed: int
    variants: int | None = None
    by_progress: Callable[[random.Random, Mapping[str, float]], list[Example]] | None = None

    def turn(self, epoch: int) -> int:
        """The first epoch that shows what this one (0-based) does."""
        if self.augment is None:
            return 0
        return epoch if self.variants is None else epoch % self.variants

    def augmented(
        self, epoch: int, metrics: Mapping[str, float] | None = None
    ) -> list[Example] | None:
        """The training examples of an epoch (0-based), always the same; None without `augment`.

        The first epoch shows the examples as they are. metrics: of the validation split after the
        last epoch.
        """
        turn = self.turn(epoch)
        if self.augment is None or turn == 0:
            return None
        rng = random.Random(epoch_seed(self.seed, turn))
        if self.by_progress is not None:
            return self.by_progress(rng, metrics or {})
        return self.augment(rng)

    def joined_by(self, examples: Sequence[Example]) -> Splits:
        """With more training examples, shown as they are in every epoch."""
        check_held(self.train, "student.distillation.unlabeled")
        augment = self.augment
        return replace(
            self,
            train=[*self.train, *examples],
            augment=None if augment is None else lambda rng: [*augment(rng), *examples],
        )


def load_splits(recipe: Recipe) -> Splits:
    """Read the three splits; EdgetextError when one is missing or empty."""
    if recipe.tasks is not None:
        _check_no_stream(recipe)
        return _mixed({name: load_splits(part) for name, part in parts_of(recipe).items()}, recipe)
    if recipe.data is not None and recipe.data.stream is not None:
        each = sources(recipe)
        train = _streamed(recipe, each, recipe.data.stream)
        valid, test = (_examples_of(each, split) for split in ("valid", "test"))
        return Splits(train, valid, test, augment=None, seed=recipe.seed)
    files: dict[str, list[list[Example]]] = {}
    for source in sources(recipe):
        files.setdefault(source.split, []).append(_examples(source))
    lists = {split: [e for examples in found for e in examples] for split, found in files.items()}
    if len(files["train"]) > 1 and recipe.sampling_temperature != 1:
        pools = [_Pool(*_augmented(recipe, examples), "") for examples in files["train"]]
        augment: Augment | None = partial(_sample, pools, recipe.sampling_temperature)
        shown: Sequence[Example] = [e for pool in pools for e in pool.examples]
    else:
        shown, augment = _augmented(recipe, lists["train"])
    return Splits(shown, lists["valid"], lists["test"], augment, recipe.seed)


def _check_no_stream(recipe: Recipe) -> None:
    for name, part in (recipe.tasks or {}).items():
        if part.data.stream is not None:
            raise EdgetextError(
                f"tasks.{name}.data.stream: an epoch of several tasks draws from all examples of "
                "each; leave it out"
            )


def _streamed(recipe: Recipe, each: Sequence[Source], most: int) -> StreamedExamples:
    """Training examples that stay in their files; EdgetextError for what needs them all."""
    if recipe.data is not None and recipe.data.augment is not None:
        raise EdgetextError(
            "data.augment makes up examples of all training examples, and data.stream reads a part "
            "at a time; leave out one of the two"
        )
    if recipe.sampling_temperature != 1:
        raise EdgetextError(
            "sampling_temperature draws from all training files, and data.stream reads a part at a "
            "time; leave out one of the two"
        )
    files = [source for source in each if source.split == "train"]
    train = StreamedExamples(files, most, recipe.seed)
    for source, count in zip(train.sources, train.counts, strict=True):
        if not count:
            raise _without_examples(source)
    return train


def with_augmentation(splits: Splits, recipe: Recipe) -> Splits:
    """Splits that were read already, with the augmentation of a recipe of one task and one training
    file."""
    check_held(splits.train, "student.augment")
    train, augment = _augmented(recipe, splits.train)
    return replace(splits, train=train, augment=augment)


def load_split(recipe: Recipe, split: str) -> list[Example]:
    """One of the three splits; EdgetextError when it is missing or empty."""
    if recipe.tasks is not None:
        specs = specs_of(recipe)
        return [
            replace(example, task=specs[name])
            for name, part in parts_of(recipe).items()
            for example in load_split(part, split)
        ]
    if split == "train" and recipe.data is not None and recipe.data.stream is not None:
        return _streamed(recipe, sources(recipe), recipe.data.stream).sample()
    return _examples_of(sources(recipe), split)


def load_questions(recipe: Recipe, split: str) -> list[Example]:
    """What an artifact is asked of a split, to see whether it answers it."""
    return list(task_of(recipe.task).questions(load_split(recipe, split)))


def parts_of(recipe: Recipe) -> dict[str, Recipe]:
    """The recipe of each part of a recipe with `tasks:`, by name."""
    return {
        name: recipe.model_copy(update={"task": part.task, "data": part.data, "tasks": None})
        for name, part in (recipe.tasks or {}).items()
    }


def specs_of(recipe: Recipe) -> dict[str, str]:
    """Give what marks the examples of each part, "part=task", by name; none of a recipe of one."""
    return {name: f"{name}={part.task}" for name, part in (recipe.tasks or {}).items()}


def _mixed(parts: Mapping[str, Splits], recipe: Recipe) -> Splits:
    """The parts' splits one after the other; an epoch shows them as often as `passes` says, and
    samples by `sampling_temperature`."""
    specs, sections = specs_of(recipe), recipe.tasks or {}

    def marked(name: str, examples: Sequence[Example]) -> list[Example]:
        return [replace(example, task=specs[name]) for example in examples]

    pools = [
        _Pool(part.train, part.augment, specs[name], sections[name].passes)
        for name, part in parts.items()
    ]
    goals = _goals(recipe)
    varies = (
        goals is not None
        or recipe.sampling_temperature != 1
        or any(pool.augment is not None or pool.passes != 1 for pool in pools)
    )
    # The first epoch shows this list, and those after it are to be as long.
    first = random.Random(epoch_seed(recipe.seed, 0))
    return Splits(
        train=[e for pool in pools for e in pool.shown(first)],
        valid=[e for name, part in parts.items() for e in marked(name, part.valid)],
        test=[e for name, part in parts.items() for e in marked(name, part.test)],
        augment=partial(_sample, pools, recipe.sampling_temperature) if varies else None,
        seed=recipe.seed,
        by_progress=None
        if goals is None
        else partial(_by_progress, pools, recipe.sampling_temperature, goals),
    )


def _goals(recipe: Recipe) -> Goals | None:
    """What the parts are to reach, where the recipe says so."""
    goals = {
        name: (f"{name}.{task_of(part.task).monitor[0]}", part.goal)
        for name, part in (recipe.tasks or {}).items()
        if part.goal is not None
    }
    return Goals(goals) if goals else None


@dataclass(frozen=True, slots=True)
class _Pool:
    """Examples that an epoch takes a share of; `task` marks them, where there are several. passes:
    how often an epoch would show them, were it by their number alone."""

    examples: Sequence[Example]
    augment: Augment | None
    task: str
    passes: float = 1.0

    @property
    def size(self) -> float:
        return len(self.examples) * self.passes

    def shown(self, rng: random.Random) -> list[Example]:
        """The examples as they are, as often as an epoch shows them."""
        return self._drawn(list(self.examples), round(self.size), rng)

    def draw(self, count: int, rng: random.Random) -> list[Example]:
        """`count` examples; all of them once before any comes twice."""
        pool = list(self.examples if self.augment is None else self.augment(rng))
        return self._drawn(pool, count, rng)

    def _drawn(self, pool: list[Example], count: int, rng: random.Random) -> list[Example]:
        whole, rest = divmod(count, len(pool))
        drawn = pool * whole + rng.sample(pool, rest)
        return [replace(example, task=self.task) for example in drawn] if self.task else drawn


def _by_progress(
    pools: Sequence[_Pool],
    temperature: float,
    goals: Goals,
    rng: random.Random,
    metrics: Mapping[str, float],
) -> list[Example]:
    """As `_sample`, by how far the pools, in the order of their goals, are from these."""
    return _sample(pools, temperature, rng, list(goals.factors(metrics).values()))


def _sample(
    pools: Sequence[_Pool],
    temperature: float,
    rng: random.Random,
    factors: Sequence[float] | None = None,
) -> list[Example]:
    """An epoch of as many examples as the pools have, in the passes of each, whose shares the
    factors change."""
    sizes = [pool.size for pool in pools]
    each = factors or [1.0] * len(pools)
    shares = [factor * size ** (1 / temperature) for factor, size in zip(each, sizes, strict=True)]
    total = round(sum(sizes))
    counts = [int(total * share / sum(shares)) for share in shares]
    counts[0] += total - sum(counts)  # what the rounding left
    return [e for pool, n in zip(pools, counts, strict=True) for e in pool.draw(n, rng)]


def _examples_of(each: Sequence[Source], split: str) -> list[Example]:
    """Read a split's files, one after the other."""
    files = [_examples(source) for source in each if source.split == split]
    return [example for examples in files for example in examples]


def _examples(source: Source) -> list[Example]:
    examples = list(source.read())
    if not examples:
        raise _without_examples(source)
    return examples


def _without_examples(source: Source) -> EdgetextError:
    return EdgetextError(f"{source.name}: the {source.split} split has no examples")


def _augmented(
    recipe: Recipe, train: Sequence[Example]
) -> tuple[Sequence[Example], Augment | None]:
    """The training examples with those that an augmentation adds to them, whose label may be of its
    own, and what makes an epoch's variant of all."""
    section = recipe.data.augment if recipe.data is not None else None
    if section is None:
        return train, None
    augment = augmentation(section, train, recipe.find)
    add = getattr(augment, "added", None)
    if add is None:
        return train, augment
    return [*train, *add(random.Random(epoch_seed(recipe.seed, 0)))], augment
