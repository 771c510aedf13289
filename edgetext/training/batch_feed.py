"""The batches of each epoch: of examples in memory, or of streamed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count, repeat
from typing import Protocol, Self

import torch
from torch import Tensor

from edgetext.core.allocator import give_back
from edgetext.core.integers import ceil_div
from edgetext.core.processes import place
from edgetext.data.example import Example
from edgetext.text.random_cuts import RandomCuts
from edgetext.training.epoch_seed import epoch_seed
from edgetext.training.loop import Movable
from edgetext.training.splits import Splits
from edgetext.training.streaming import StreamedExamples
from edgetext.training.team import share


class TrainingSet(Protocol):
    """Training examples as an objective takes them."""

    def __len__(self) -> int: ...

    def row_batches(self, size: int, generator: torch.Generator) -> list[Tensor]:
        """The rows int64[B] of each batch of an epoch."""
        ...

    def batch(self, index: Tensor) -> Movable:
        """The rows int64[B] as one batch."""
        ...

    def cut_anew(self, cuts: RandomCuts, seed: tuple[int, ...]) -> Self:
        """The same examples with words in other pieces; seed: see RandomCuts.cut."""
        ...


Encode = Callable[[Sequence[Example]], TrainingSet]


class Feed(Protocol):
    """What gives a training its batches. steps: batches in an epoch."""

    steps: int

    def heed(self, metrics: Mapping[str, float]) -> None:
        """Take the metrics of the last epoch, by which the next one may be chosen."""
        ...

    def batches(self, epoch: int, done: int) -> Iterator[Movable]:
        """The batches of an epoch (0-based) after those that are done, always the same; of several
        processes the part that this one takes."""
        ...


class HeldFeed:
    """Batches of examples in memory, or of an epoch's made-up variant of them; variants that take
    turns stay in memory. cuts: what cuts their words anew in each epoch."""

    def __init__(
        self,
        splits: Splits,
        encode: Encode,
        size: int,
        seed: int,
        cuts: RandomCuts | None = None,
    ) -> None:
        self._splits, self._encode, self._size, self._seed = splits, encode, size, seed
        self._cuts = cuts
        # By the first epoch that shows them.
        self._sets = {0: encode(splits.train)}
        self._metrics: Mapping[str, float] = {}
        self.steps = ceil_div(len(self._sets[0]), size)

    def heed(self, metrics: Mapping[str, float]) -> None:
        """See Feed."""
        self._metrics = metrics

    def batches(self, epoch: int, done: int) -> Iterator[Movable]:
        """See Feed."""
        data = self._set(self._splits.turn(epoch))
        if self._cuts is not None:
            data = data.cut_anew(self._cuts, (epoch_seed(self._seed, epoch),))
        give_back()
        at = place()
        for index in data.row_batches(self._size, _shuffled(self._seed, epoch))[done:]:
            yield data.batch(share(index, at))

    def _set(self, turn: int) -> TrainingSet:
        """What an epoch shows that is the first of its turn."""
        if turn in self._sets:
            return self._sets[turn]
        if self._splits.variants is None:
            self._sets.clear()  # no later epoch shows it
        made_up = self._splits.augmented(turn, self._metrics)
        data = self._encode(self._splits.train if made_up is None else made_up)
        if self._splits.variants is not None:
            self._sets[turn] = data
        return data


class StreamedFeed:
    """Batches of examples that are read anew in each epoch, a part at a time. cuts: as of
    HeldFeed."""

    def __init__(
        self,
        train: StreamedExamples,
        encode: Encode,
        size: int,
        seed: int,
        cuts: RandomCuts | None = None,
    ) -> None:
        self._train, self._encode, self._size, self._seed = train, encode, size, seed
        self._cuts = cuts
        half = max(1, train.most // 2)
        whole, rest = divmod(len(train), half)
        self.steps = whole * ceil_div(half, size) + ceil_div(rest, size)

    def heed(self, metrics: Mapping[str, float]) -> None:
        """See Feed; all examples are shown, whatever the metrics."""

    def batches(self, epoch: int, done: int) -> Iterator[Movable]:
        """See Feed."""
        generator, at = _shuffled(self._seed, epoch), place()
        # A part is let go before the next one is read, so that there is never more than one.
        for data in map(self._part, self._train.chunks(epoch), repeat(epoch), count()):
            rows = data.row_batches(self._size, generator)
            for index in rows[done:]:
                yield data.batch(share(index, at))
            done = max(0, done - len(rows))
            del data
            give_back()

    def _part(self, examples: Sequence[Example], epoch: int, number: int) -> TrainingSet:
        """Encode the part of an epoch that has this number."""
        data = self._encode(examples)
        if self._cuts is None:
            return data
        return data.cut_anew(self._cuts, (epoch_seed(self._seed, epoch), number))


def _shuffled(seed: int, epoch: int) -> torch.Generator:
    """Give what shuffles the batches of an epoch."""
    return torch.Generator().manual_seed(epoch_seed(seed, epoch))
