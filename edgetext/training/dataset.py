"""Examples as tensors, and batches of like lengths."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.data.no_label import OUT_OF_SCOPE
from edgetext.model.header import Header
from edgetext.model.model import Model
from edgetext.tasks.learner import Learner, learner_of
from edgetext.tasks.learning import Labels, numbered
from edgetext.tasks.task import Task, check_texts
from edgetext.tasks.words import IGNORE
from edgetext.text.encoding import Encoding
from edgetext.text.random_cuts import RandomCuts
from edgetext.text.tokenization import Tokenization, read_tokenization
from edgetext.training.ragged import Ragged

# Pairs of pieces that may attend to each other in a batch that is not learned from: those of 128
# texts of 128 pieces.
MOST_PAIRS = 128**3
# A batch is one of long texts where its longest has so many times the pieces of a usual text.
LONG = 4
# Texts that are pieces of their own before they are rows of a set. An encoding takes about twenty
# times the memory of its row.
PORTION = 1024


@dataclass(slots=True)  # not frozen: Fabric rebuilds it for mixed precision
class Batch:
    """ids int64[B, T]; mask, first bool[B, T]; targets: the task's, int64[B], int64[B, T] or
    int64[B, S, k]. is_long: whether T is far above the usual one of the set it is of."""

    ids: Tensor
    mask: Tensor
    first: Tensor
    targets: Mapping[str, Tensor]
    is_long: bool = False

    def to(self, device: torch.device) -> Batch:
        targets = {name: target.to(device) for name, target in self.targets.items()}
        ids, mask, first = (x.to(device) for x in (self.ids, self.mask, self.first))
        return Batch(ids, mask, first, targets, self.is_long)


class EncodedSet:
    """Examples of a task under one vocabulary and label set.

    ids int32, first bool: N rows, each as long as its text has pieces; length int64[N]; targets:
    the task's, int32[N], int32 as many as ids has, or int32[N, S, k] with IGNORE where there is no
    row. long: pieces above which a batch's longest text makes it one of long texts. examples,
    encodings: of the texts; none of a training set, which is asked for no answers.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        learner: Learner,
        vocabulary: Tokenization,
        labels: Labels,
        max_bytes: int,
        strict: bool = True,
        *,
        training: bool = False,
    ) -> None:
        """A label that `labels` lacks is an EdgetextError naming its line or, when not `strict`,
        no target. training: whether the task may cut the examples as training needs it."""
        known = {kind: set(names) for kind, names in learner.names(labels).items()}
        label = check_known if strict else without_unknown
        numbers = numbered(labels)
        self.examples: list[Example] = []
        self.encodings: list[Encoding] = []
        self.learner = learner
        self.labels = labels
        self.pad = vocabulary.pad
        ids, first = [Ragged.of([], np.int32)], [Ragged.of([], np.bool_)]
        targets: dict[str, list[Tensor | Ragged]] = {}
        for begin in range(0, len(examples), PORTION):
            portion = [check_texts(learner.task, e) for e in examples[begin : begin + PORTION]]
            shown = learner.shown(portion, max_bytes, training=training)
            encodings = [learner.encode(e, vocabulary, max_bytes) for e in shown]
            rows = [
                learner.targets(label(example, learner.task, known), encoding, numbers)
                for example, encoding in zip(shown, encodings, strict=True)
            ]
            ids.append(Ragged.of([e.ids for e in encodings], np.int32))
            first.append(Ragged.of([e.first for e in encodings], np.bool_))
            for name in rows[0] if rows else ():
                targets.setdefault(name, []).append(_stacked([row[name] for row in rows]))
            if not training:
                self.examples += shown
                self.encodings += encodings
        self._set_rows(Ragged.joined(ids), Ragged.joined(first))
        self.targets = {name: _joined(parts) for name, parts in targets.items()}

    @classmethod
    def of(cls, header: Header, examples: Sequence[Example], strict: bool = True) -> Self:
        """The examples as the checkpoint with this header reads them."""
        learner = learner_of(header.task, header.labels, header.calibration)
        vocabulary = read_tokenization(header.vocabulary)
        return cls(examples, learner, vocabulary, header.labels, header.max_bytes, strict)

    @classmethod
    def of_model(cls, model: Model, examples: Sequence[Example], strict: bool = True) -> Self:
        """The examples as a model reads them, by the vocabulary that it has already."""
        header = model.header
        return cls(
            examples, model.learner, model.vocabulary, header.labels, header.max_bytes, strict
        )

    def __len__(self) -> int:
        return len(self.length)

    def keep(self, rows: Tensor) -> None:
        """Leave out all but these rows, in their order: int64[k]."""
        if self.examples:
            self.examples = [self.examples[row] for row in rows.tolist()]
            self.encodings = [self.encodings[row] for row in rows.tolist()]
        self._set_rows(self.ids.take(rows), self.first.take(rows))
        self.targets = {
            name: target.take(rows) if isinstance(target, Ragged) else target[rows]
            for name, target in self.targets.items()
        }

    def cut_anew(self, cuts: RandomCuts, seed: tuple[int, ...]) -> Self:
        """Give the same rows with words in other pieces; `first` and the targets of a word stay at
        its first piece. seed: see RandomCuts.cut.

        EdgetextError for a task that has targets at other pieces.
        """
        before = self.ids.values.numpy()
        cut = cuts.cut(before, seed)
        ids, source = torch.from_numpy(cut.ids).int(), torch.from_numpy(cut.source)
        kept, inside = source >= 0, torch.from_numpy(cuts.inside[before])
        place = torch.full((len(before),), -1)
        place[source[kept]] = kept.nonzero().reshape(-1)
        # A row's first piece is a mark, which is in no word.
        length = place[self.ids.begin].diff(append=torch.tensor([len(ids)]))
        anew = copy(self)
        anew._set_rows(Ragged(ids, length), self.first.placed(source, length, False))
        anew.targets = {}
        for name, target in self.targets.items():
            if isinstance(target, Ragged):
                if (target.values[inside] != IGNORE).any():
                    raise EdgetextError(
                        f"training.segmentation: task {self.learner.task.name} has targets at "
                        "pieces inside words, which are others when a word is cut anew; leave it "
                        "out"
                    )
                target = target.placed(source, length, IGNORE)
            anew.targets[name] = target
        return anew

    def _set_rows(self, ids: Ragged, first: Ragged) -> None:
        self.ids, self.first, self.length = ids, first, ids.length
        self.long = LONG * int(self.length.median()) if len(self.length) else 0

    def batch(self, index: Tensor) -> Batch:
        """The rows int64[B] as one batch, padded to its longest text."""
        length = self.length[index]
        width = int(length.max())
        return Batch(
            ids=self.ids.padded(index, width, self.pad).long(),
            mask=torch.arange(width) < length[:, None],
            first=self.first.padded(index, width, False),
            targets={
                name: (
                    target.padded(index, width, IGNORE)
                    if isinstance(target, Ragged)
                    else target[index]
                ).long()
                for name, target in self.targets.items()
            },
            is_long=width > self.long,
        )

    def in_order(self, size: int) -> Iterator[Batch]:
        """All rows once; see rows_in_order."""
        for index in self.rows_in_order(size):
            yield self.batch(index)

    def rows_in_order(self, size: int, rows: Tensor | None = None) -> Iterator[Tensor]:
        """All rows once, or those of int64[k], as int64[B], `size` or fewer a batch, the shortest
        first: padding a whole batch to one long text costs more than the sorting.

        Long texts come in smaller batches, since an attention's memory grows with their square.
        """
        rows = torch.arange(len(self)) if rows is None else rows
        order = rows[self.length[rows].argsort(stable=True)]
        squares = (self.length[order] ** 2).tolist()
        begin = 0
        while begin < len(squares):
            end = min(begin + size, len(squares))
            while end > begin + 1 and (end - begin) * squares[end - 1] > MOST_PAIRS:
                end -= 1
            yield order[begin:end]
            begin = end

    def batches(self, size: int, generator: torch.Generator) -> Iterator[Batch]:
        """All rows once, `size` a batch, shuffled, texts of like length together."""
        for index in self.row_batches(size, generator):
            yield self.batch(index)

    def row_batches(self, size: int, generator: torch.Generator) -> list[Tensor]:
        """The rows int64[B] of each batch of `batches`."""
        order = torch.randperm(len(self), generator=generator)
        # Sorting inside pools of 50 batches wastes little on padding and keeps batches random.
        rows: list[Tensor] = []
        for pool in order.split(size * 50):
            rows += pool[self.length[pool].argsort(stable=True)].split(size)
        return [rows[i] for i in torch.randperm(len(rows), generator=generator).tolist()]


def _stacked(targets: Sequence[np.ndarray | int]) -> Tensor | Ragged:
    if isinstance(targets[0], int):
        return torch.tensor(targets, dtype=torch.int32)
    rows = [np.asarray(target) for target in targets]
    if rows[0].ndim == 1:
        return Ragged.of(rows, np.int32)
    shape = len(rows), max(map(len, rows)), rows[0].shape[1]
    stacked = torch.full(shape, IGNORE, dtype=torch.int32)
    for i, row in enumerate(rows):
        stacked[i, : len(row)] = torch.from_numpy(row)
    return stacked


def _joined(parts: Sequence[Tensor | Ragged]) -> Tensor | Ragged:
    """Put what `_stacked` gave of several portions one after the other."""
    ragged = [part for part in parts if isinstance(part, Ragged)]
    if ragged:
        return Ragged.joined(ragged)
    stacked = [part for part in parts if isinstance(part, Tensor)]
    if stacked[0].dim() == 1:
        return torch.cat(stacked)
    most = max(part.shape[1] for part in stacked)
    return torch.cat(
        [functional.pad(part, (0, 0, 0, most - part.shape[1]), value=IGNORE) for part in stacked]
    )


def check_known(example: Example, task: Task[Any], known: Mapping[str, Collection[str]]) -> Example:
    """The example; EdgetextError naming the line of a label that the training split lacks."""
    for kind, word, label in task.used(example):
        if label not in known[kind]:
            made = ", make some by `data.augment: {type: negatives}`"
            raise EdgetextError(
                f"{example.source}: the {word} {label!r} is not in the training split; "
                f"add examples of it there{made if label in OUT_OF_SCOPE else ''}, remove the "
                "line, or set `data.unseen: miss`"
            )
    return example


def without_unknown(
    example: Example, task: Task[Any], known: Mapping[str, Collection[str]]
) -> Example:
    """The example without the labels that the training split lacks."""
    unknown = {label for kind, _, label in task.used(example) if label not in known[kind]}
    if not unknown:
        return example
    return replace(
        example,
        intent=None if example.intent in unknown else example.intent,
        intents=None
        if example.intents is None
        else tuple(label for label in example.intents if label not in unknown),
        spans=tuple(span for span in example.spans if span.label not in unknown),
    )
