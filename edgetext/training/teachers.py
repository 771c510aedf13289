"""Trained models that teach, one or several."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.model.model import Model
from edgetext.models import Network
from edgetext.tasks.learning import Labels
from edgetext.text.tokenization import Tokenization
from edgetext.training.answer_store import AnswerStore, Rows, key_of
from edgetext.training.dataset import Batch, EncodedSet
from edgetext.training.evaluation import BATCH_SIZE

# Scores by the bytes of the pieces that a teacher reads.
Answered = dict[bytes, dict[str, Tensor]]


@dataclass(frozen=True, slots=True)
class Teacher:
    """A model that teaches, with a network of its own that does not learn.

    orders: by name of the scores, int64[C], where its labels stand in another order than the
    student's. share: how much its answers count, 1 of all teachers of a text together. mixed:
    whether it computes in bfloat16 what a training in mixed precision does.
    """

    model: Model
    network: Network
    orders: dict[str, Tensor]
    share: float = 1.0
    mixed: bool = False
    _known: list[tuple[Sequence[Example], Memory]] = field(default_factory=list)

    @property
    def vocabulary(self) -> Tokenization:
        """The one that it reads with."""
        return self.model.vocabulary

    def answer(self, batch: Batch) -> dict[str, Tensor]:
        """The head's scores in the order of the student's labels, and "hidden" float[B, T, D]."""
        return self.ordered(self.scores(batch))

    def ordered(self, scores: dict[str, Tensor]) -> dict[str, Tensor]:
        """Give what `scores` gives in the order of the student's labels."""
        changed = {
            name: scores[name].index_select(-1, order.to(scores[name].device))
            for name, order in self.orders.items()
        }
        return {**scores, **changed}

    @torch.no_grad()
    def scores(self, batch: Batch) -> dict[str, Tensor]:
        """The head's scores in the order of its own labels, and "hidden" float[B, T, D]."""
        device = batch.ids.device
        network = self.network
        # To look at one parameter takes a hundredth of the time of moving a network to where it is.
        if next(network.parameters()).device != device:
            network.to(device)
        if not self.mixed:
            scores: dict[str, Tensor] = network(batch.ids, batch.mask, hidden=True)
            return scores
        with torch.autocast(device.type, torch.bfloat16):
            scores = network(batch.ids, batch.mask, hidden=True)
        return {name: x.float() for name, x in scores.items()}

    def memory(
        self,
        examples: Sequence[Example],
        data: EncodedSet,
        store: AnswerStore | None = None,
        answered: Answered | None = None,
    ) -> Memory:
        """Its answers to the examples, which are `data`; those to the last ones are kept.

        store: where they are looked up, and kept for others. answered: see `asked`.
        """
        if not self._known or self._known[0][0] is not examples:
            self._known[:] = [(examples, Memory(self._rows(data, store, answered)))]
        return self._known[0][1]

    def _rows(self, data: EncodedSet, store: AnswerStore | None, answered: Answered | None) -> Rows:
        ask = partial(asked, self, data, answered)
        if store is None:
            return ask()
        key = key_of(self.model.digest(), self.orders, data, self.vocabulary, mixed=self.mixed)
        return store.rows(key, len(data), ask)

    @property
    def parameters(self) -> int:
        return sum(p.numel() for p in self.network.parameters())


class Memory:
    """A teacher's scores for every text of a set, where epochs show the same texts again.

    Of scores float[B, ...] and float[B, T, ...].
    """

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def batch(self, index: Tensor) -> dict[str, Tensor]:
        """The scores of the rows int64[B], padded to the longest text."""
        picked = [self.rows[i] for i in index.tolist()]
        return {
            name: pad_sequence([row[name] for row in picked], batch_first=True)
            for name in picked[0]
        }


def asked(teacher: Teacher, data: EncodedSet, answered: Answered | None = None) -> Rows:
    """Ask a teacher every text of a set, and give its scores of each.

    answered: scores of texts that were asked before, which are not asked again, by the pieces that
    the teacher reads; those of this set join them. Without it each row is asked.
    """
    scores: dict[Any, dict[str, Tensor]] = {} if answered is None else answered
    keys: Sequence[Any] = range(len(data)) if answered is None else keys_of(data)
    new = {key: row for row, key in enumerate(keys) if key not in scores}
    rows = torch.tensor(list(new.values()), dtype=torch.int64)
    for index in data.rows_in_order(BATCH_SIZE, rows):
        given = by_row(teacher.answer(data.batch(index)), data, index)
        scores.update((keys[row], one) for row, one in given.items())
    return [scores[key] for key in keys]


def keys_of(data: EncodedSet) -> list[bytes]:
    """Give by what each text of a set is found in Answered."""
    return [row.numpy().tobytes() for row in data.ids.values.split(data.length.tolist())]


def by_row(
    answer: Mapping[str, Tensor], data: EncodedSet, index: Tensor
) -> dict[int, dict[str, Tensor]]:
    """Give the scores of each of some rows int64[B] of a set by their numbers. answer: what
    `Teacher.answer` gives of them."""
    scores = {name: x for name, x in answer.items() if name != "hidden"}
    texts = index.tolist()
    scored = [data.learner.row(scores, row, int(data.length[i])) for row, i in enumerate(texts)]
    # A tensor a batch: one a text, between those of the network, would keep the memory of all of
    # these.
    kept = {name: _together([row[name][0] for row in scored]) for name in scored[0]}
    return {i: {name: parts[row] for name, parts in kept.items()} for row, i in enumerate(texts)}


def _together(parts: Sequence[Tensor]) -> list[Tensor]:
    """Copy tensors into one, and give their places in it."""
    places = torch.cat([part.reshape(-1) for part in parts]).split([x.numel() for x in parts])
    return [place.view(part.shape) for place, part in zip(places, parts, strict=True)]


def teachers_of(models: Sequence[Model], task: str) -> list[Teacher]:
    """Models as teachers, whose answers count alike; the order of the labels is that of the first.

    EdgetextError for a quantized model, one of another task, and one with other labels.
    """
    teachers = []
    for model in models:
        header = model.header
        check_can_teach(model)
        if header.task != task:
            raise EdgetextError(
                f"{model}: the teacher's task is {header.task} and the recipe's {task}; give the "
                "recipe that the teacher was trained with"
            )
        orders = orders_of(models[0].header.labels, model, str(models[0]))
        teachers.append(Teacher(model, reader(model.network), orders, share=1 / len(models)))
    return teachers


def reader(network: Network) -> Network:
    """Copy a network that reads the tensors of the one given, and learns nothing: a large teacher
    is in memory once."""
    same: dict[int, Tensor] = {
        id(tensor): nn.Parameter(tensor.detach(), requires_grad=False)
        for tensor in network.parameters()
    }
    same |= {id(tensor): tensor for tensor in network.buffers()}
    return copy.deepcopy(network, same).eval()


def check_can_teach(model: Model) -> None:
    """EdgetextError for a quantized model."""
    if model.header.quantized:
        raise EdgetextError(
            f"{model}: an {model.header.variant} checkpoint cannot teach; give the one that it "
            "came from"
        )


def orders_of(ordered: Labels, model: Model, first: str) -> dict[str, Tensor]:
    """Where each label of `ordered` stands among a teacher's, int64[C], for the kinds whose order
    is another; EdgetextError where they are others than those of `first`, whose they are."""
    orders = {}
    for kind, ordered_labels in ordered.items():
        labels, given = list(ordered_labels), model.header.labels.get(kind, [])
        if given == labels:
            continue
        if kind not in ("intent", "tags") or sorted(given) != sorted(labels):
            odd = sorted(set(given) ^ set(labels))
            raise EdgetextError(
                f"{model}: its labels are not those of {first}"
                + (f" ({odd[0]!r} is in one alone)" if odd else " in their order")
                + "; give teachers that were trained on the same labels"
            )
        orders[kind] = torch.tensor([given.index(label) for label in labels])
    return orders
