"""Training texts as a student and its teachers read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.training.dataset import Batch, EncodedSet
from edgetext.training.setup import Setup
from edgetext.training.teachers import Memory, Teacher

_log = logger(__name__)
# The share of the texts that must be left where words are told apart in two ways.
LEAST = 0.8


@dataclass(slots=True)
class DistillationBatch:
    """The same texts under the student's vocabulary and under each teacher's.

    Words are split alike by all, so the pieces marked `first` correspond one to one. Where words
    are hashed by one and have pieces by another, texts that are not split alike are left out.
    targets: the teachers' scores, where they are known already.
    """

    student: Batch
    teachers: tuple[Batch, ...]
    targets: tuple[dict[str, Tensor], ...] = ()

    def to(self, device: torch.device) -> DistillationBatch:
        # Teachers of one vocabulary share a batch.
        moved = {id(batch): batch.to(device) for batch in self.teachers}
        return DistillationBatch(
            self.student.to(device),
            tuple(moved[id(batch)] for batch in self.teachers),
            tuple({name: x.to(device) for name, x in one.items()} for one in self.targets),
        )


class DistillationSet:
    """Examples as the student reads them and as each teacher does; equal vocabularies share a
    set."""

    def __init__(
        self,
        setup: Setup,
        teachers: Sequence[Teacher],
        examples: Sequence[Example],
        *,
        remembered: bool,
    ) -> None:
        """remembered: whether every teacher answers all examples at once, and no more after."""
        sets: dict[tuple[str, ...], EncodedSet] = {}
        vocabularies = [setup.vocabulary, *(teacher.vocabulary for teacher in teachers)]
        for vocabulary in vocabularies:
            pieces = tuple(vocabulary.pieces)
            if pieces not in sets:
                sets[pieces] = setup.encode(examples, vocabulary, training=True)
        if setup.learner.task.needs_words:
            alike = _split_alike(list(sets.values()))
            if not alike.all():
                rows = alike.nonzero().reshape(-1)
                _check_some_left(len(rows), len(alike))
                examples = [examples[row] for row in rows.tolist()]
                for data in sets.values():
                    data.keep(rows)
        self.student, *self.teachers = (sets[tuple(v.pieces)] for v in vocabularies)
        self.memories: list[Memory] = []
        if remembered:
            pairs = zip(teachers, self.teachers, strict=True)
            self.memories = [teacher.memory(examples, data) for teacher, data in pairs]

    def __len__(self) -> int:
        return len(self.student)

    def row_batches(self, size: int, generator: torch.Generator) -> list[Tensor]:
        """See TrainingSet; by the lengths that the student reads."""
        return self.student.row_batches(size, generator)

    def batch(self, index: Tensor) -> DistillationBatch:
        """The rows int64[B] as one batch."""
        seen = {id(data): data.batch(index) for data in self.teachers}
        return DistillationBatch(
            self.student.batch(index),
            tuple(seen[id(data)] for data in self.teachers),
            tuple(memory.batch(index) for memory in self.memories),
        )


def _split_alike(sets: Sequence[EncodedSet]) -> Tensor:
    """Tell of each example, bool[N], whether all split it into as many words."""
    counts = torch.stack([data.first.sums() for data in sets])
    return (counts == counts[0]).all(dim=0)


def _check_some_left(left: int, count: int) -> None:
    """Say how many texts a student of hashed words cannot learn from its teacher; EdgetextError
    where they are too many."""
    if left < LEAST * count:
        raise EdgetextError(
            f"of {count:,} training texts student and teacher split {count - left:,} into other "
            "words; train both with `text.hashed`, or neither"
        )
    _say_left_out(count - left, count)


@cache
def _say_left_out(left_out: int, count: int) -> None:
    """Log it once, and not with each epoch whose made-up texts are as many."""
    _log.info(
        f"{left_out:,} of {count:,} texts are left out: student and teacher split them into other "
        "words"
    )
