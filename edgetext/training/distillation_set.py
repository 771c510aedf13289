"""Training texts as a student and its teachers read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from edgetext.data.example import Example
from edgetext.training.dataset import Batch, EncodedSet
from edgetext.training.setup import Setup
from edgetext.training.teachers import Memory, Teacher


@dataclass(slots=True)
class DistillationBatch:
    """The same texts under the student's vocabulary and under each teacher's.

    Words are split alike by all, so the pieces marked `first` correspond one to one.
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
