"""Training texts as a student and its teachers read them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from typing import Self

import torch
from torch import Tensor

from edgetext.core.console import logger
from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.recipe import DistillationConfig
from edgetext.text.random_cuts import RandomCuts
from edgetext.text.tokenization import Tokenization
from edgetext.training.answer_store import AnswerStore
from edgetext.training.dataset import Batch, EncodedSet
from edgetext.training.setup import Setup
from edgetext.training.teachers import Answered, Memory, Teacher

_log = logger(__name__)
# The share of the texts that must be left where words are told apart in two ways.
LEAST = 0.8


@dataclass(slots=True)
class DistillationBatch:
    """The same texts under the student's vocabulary and under each teacher's.

    Words are split alike by all, so the pieces marked `first` correspond one to one. Where words
    are hashed by one and have pieces by another, or a teacher's tokenizer is an imported one, texts
    that are not split alike are left out. Of a text that noise changed teachers read the clean
    form, where its words are as many.
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
        config: DistillationConfig | None = None,
        store: AnswerStore | None = None,
        answered: Sequence[Answered] = (),
    ) -> None:
        """remembered: whether every teacher answers all examples at once, and no more after.
        config: what of their answers is learned from; by default that of a recipe without any.
        store: where the answers are kept. answered: of each teacher, what other sets have asked
        it."""
        config = config or DistillationConfig()
        by_words = bool(
            setup.learner.task.needs_words or config.hidden_weight or config.relation_weight
        )
        others = [teacher.vocabulary for teacher in teachers]
        shown = examples
        if config.teachers_read == "clean" and not setup.learner.same_pieces:
            shown = _cleaned(examples, setup, others if by_words else ())
        as_student = _encoded(setup, examples, [setup.vocabulary])
        as_teachers = _encoded(setup, shown, others, as_student if shown is examples else {})
        sets = list({id(d): d for d in (*as_student.values(), *as_teachers.values())}.values())
        if by_words:
            alike = split_alike(sets)
            if not alike.all():
                rows = alike.nonzero().reshape(-1)
                _check_some_left(len(rows), len(alike))
                # Another set than that of all, as what teachers remember goes by it; a row may be a
                # part of a text, as those of long passages are.
                examples = list(examples)
                for data in sets:
                    data.keep(rows)
        self.student = as_student[_reads_as(setup.vocabulary)]
        self.teachers = [as_teachers[_reads_as(vocabulary)] for vocabulary in others]
        self.memories: list[Memory] = []
        if remembered:
            known: Sequence[Answered | None] = answered or [None] * len(teachers)
            each = zip(teachers, self.teachers, known, strict=True)
            self.memories = [
                teacher.memory(examples, data, store, before) for teacher, data, before in each
            ]

    def __len__(self) -> int:
        return len(self.student)

    def cut_anew(self, cuts: RandomCuts, seed: tuple[int, ...]) -> Self:
        """See TrainingSet. The teachers read, and have answered, the texts as ever: rows and words
        are the same."""
        anew = copy(self)
        anew.student = self.student.cut_anew(cuts, seed)
        return anew

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


def _encoded(
    setup: Setup,
    examples: Sequence[Example],
    vocabularies: Sequence[Tokenization],
    known: Mapping[str, EncodedSet] | None = None,
) -> dict[str, EncodedSet]:
    """Encode the examples once by each vocabulary; those by one that is `known` are there."""
    sets = dict(known or {})
    for vocabulary in vocabularies:
        key = _reads_as(vocabulary)
        if key not in sets:
            sets[key] = setup.encode(examples, vocabulary, training=True)
    return sets


def _reads_as(vocabulary: Tokenization) -> str:
    """Give what is equal for vocabularies that read every text alike: all that a checkpoint says of
    one, since those of hashed words with as many buckets have equal pieces, whatever they hash."""
    return json.dumps(vocabulary.to_header(), sort_keys=True)


def _cleaned(
    examples: Sequence[Example], setup: Setup, by_words: Sequence[Tokenization]
) -> Sequence[Example]:
    """Give the examples as they were before noise; those that none changed are the same.

    by_words: vocabularies under each of which a text that was noised must have as many words as the
    student reads in it, and as many marks; else it stays noised, since nothing would say which
    words correspond: "21, please" and "twenty one please" have as many.
    """
    if not any(example.clean for example in examples):
        return examples
    limit = setup.recipe.text.max_bytes
    vocabularies = {_reads_as(v): v for v in by_words}.values()

    def words(example: Example, vocabulary: Tokenization) -> int:
        return int(setup.learner.encode(example, vocabulary, limit).first.sum())

    def cleaned(example: Example) -> Example:
        if example.clean is None:
            return example
        clean = replace(example.clean, task=example.task)
        if vocabularies and _marks(clean) != _marks(example):
            return example
        count = words(example, setup.vocabulary) if vocabularies else 0
        return clean if all(words(clean, v) == count for v in vocabularies) else example

    return [cleaned(example) for example in examples]


def _marks(example: Example) -> int:
    """Count the punctuation marks and signs, which are words and which noise may leave out."""
    text = "".join(example.texts)
    return sum(not c.isalnum() and unicodedata.category(c)[0] in "PS" for c in text)


def split_alike(sets: Sequence[EncodedSet]) -> Tensor:
    """Tell of each example, bool[N], whether all split it into as many words."""
    counts = torch.stack([data.first.sums() for data in sets])
    return (counts == counts[0]).all(dim=0)


def _check_some_left(left: int, count: int) -> None:
    """Say how many texts a student cannot learn from its teacher; EdgetextError
    where they are too many."""
    if left < LEAST * count:
        raise EdgetextError(
            f"of {count:,} training texts student and teacher split {count - left:,} into other "
            "words; train both with `text.hashed`, or neither, and give a teacher whose tokenizer "
            "splits words at punctuation"
        )
    _say_left_out(count - left, count)


@cache
def _say_left_out(left_out: int, count: int) -> None:
    """Log it once, and not with each epoch whose made-up texts are as many."""
    _log.info(
        f"{left_out:,} of {count:,} texts are left out: student and teacher split them into other "
        "words"
    )
