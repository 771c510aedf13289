"""Training examples that are read from their files anew in each epoch, a part at a time."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import overload

from edgetext.core.errors import EdgetextError
from edgetext.core.files import sha256
from edgetext.data.example import Example
from edgetext.data.sample import evenly
from edgetext.data.source import Source
from edgetext.training.epoch_seed import epoch_seed

# Files of which an epoch reads at the same time, so that examples of several stand together.
OPEN = 8


class StreamedExamples(Sequence[Example]):
    """The examples of training files, of which no more than `most` are in memory at once.

    Iterating reads the files in their order. An item by its number is found by reading up to it.
    """

    def __init__(self, sources: Sequence[Source], most: int, seed: int) -> None:
        self.sources = sources
        self.most = most
        self._seed = seed

    def __iter__(self) -> Iterator[Example]:
        for source in self.sources:
            yield from source.read()

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        return sum(self.counts)

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many examples each file has."""
        return tuple(sum(1 for _ in source.read()) for source in self.sources)

    @overload
    def __getitem__(self, index: int) -> Example: ...
    @overload
    def __getitem__(self, index: slice) -> list[Example]: ...
    def __getitem__(self, index: int | slice) -> Example | list[Example]:
        if isinstance(index, slice):
            return list(islice(iter(self), *index.indices(len(self))))
        place = index + len(self) if index < 0 else index
        for example in islice(iter(self), max(0, place), None):
            return example
        raise IndexError(index)

    def sample(self) -> list[Example]:
        """Give half of `most` or fewer, evenly out of all files; the same each time."""
        return evenly(self, max(1, self.most // 2))

    def chunks(self, epoch: int) -> Iterator[list[Example]]:
        """Give all examples of an epoch (0-based) in shuffled parts, always the same.

        The files are read in another order each epoch, several at the same time. A buffer of `most`
        examples is kept full, shuffled, and half of it given, so that an example may come later
        than its place in the file, without bound, or earlier by `most`.
        """
        rng = random.Random(epoch_seed(self._seed, epoch))
        reading = _interleaved(self.sources, rng)
        half = max(1, self.most // 2)
        buffer = list(islice(reading, half))
        while buffer:
            coming = list(islice(reading, half))
            buffer += coming
            rng.shuffle(buffer)
            given = len(buffer) if not coming else half
            part, buffer = [buffer[:given]], buffer[given:]
            # Taken out of a list, so that whoever is given a part can let go of it.
            yield part.pop()

    def digest(self) -> str:
        """Give the SHA-256 of all files, which tells one set from another."""
        digest = hashlib.sha256()
        for source in self.sources:
            if source.path is not None:
                digest.update(sha256(source.path).encode())
        return digest.hexdigest()


def held(examples: Sequence[Example]) -> Sequence[Example]:
    """Give examples that can be gone through again and again: those given, or of streamed ones a
    sample."""
    return examples.sample() if isinstance(examples, StreamedExamples) else examples


def check_held(examples: Sequence[Example], what: str) -> None:
    """EdgetextError where examples are streamed and something needs all of them in memory."""
    if isinstance(examples, StreamedExamples):
        raise EdgetextError(
            f"{what} needs all training examples in memory, and data.stream reads a part at a "
            "time; leave out one of the two"
        )


def _interleaved(sources: Sequence[Source], rng: random.Random) -> Iterator[Example]:
    """Read the files in a shuffled order, up to OPEN of them at the same time."""
    waiting = list(sources)
    rng.shuffle(waiting)
    reading: list[Iterator[Example]] = []
    while waiting or reading:
        while waiting and len(reading) < OPEN:
            reading.append(iter(waiting.pop().read()))
        place = rng.randrange(len(reading)) if len(reading) > 1 else 0
        example = next(reading[place], None)
        if example is None:
            del reading[place]
        else:
            yield example
