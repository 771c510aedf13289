"""Trained checkpoints that teach, one or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from edgetext.errors import EdgetextError
from edgetext.models import Network, build_network
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.checkpoint import Checkpoint
from edgetext.training.dataset import Batch


@dataclass(frozen=True, slots=True)
class Teacher:
    """A network in evaluation mode and the vocabulary that it reads with.

    orders: by name of the scores, int64[C], where its labels stand in another order than the
    student's.
    """

    path: Path
    checkpoint: Checkpoint
    network: Network
    vocabulary: Vocabulary
    orders: dict[str, Tensor]

    def answer(self, batch: Batch) -> dict[str, Tensor]:
        """The head's scores in the order of the student's labels, and "hidden" float[B, T, D]."""
        network = self.network.to(batch.ids.device)
        with torch.no_grad():
            scores = network(batch.ids, batch.mask, hidden=True)
        for name, order in self.orders.items():
            scores[name] = scores[name].index_select(-1, order.to(batch.ids.device))
        return scores

    @property
    def parameters(self) -> int:
        return sum(p.numel() for p in self.network.parameters())


def load_teachers(paths: Sequence[Path], task: str) -> list[Teacher]:
    """The checkpoints, whose answers count alike; the order of the labels is that of the first.

    EdgetextError for an int8 checkpoint, one of another task, and one with other labels.
    """
    loaded = [(path, Checkpoint.load(path)) for path in paths]
    teachers = []
    for path, checkpoint in loaded:
        header = checkpoint.header
        if header.get("variant") == "int8":
            raise EdgetextError(
                f"{path}: an int8 checkpoint cannot teach; give the one that it came from"
            )
        if header["task"] != task:
            raise EdgetextError(
                f"{path}: the teacher's task is {header['task']} and the recipe's {task}; give the "
                "recipe that the teacher was trained with"
            )
        first_path, first = loaded[0]
        orders = _orders(first.header["labels"], header["labels"], path, first_path)
        vocabulary = Vocabulary.from_header(header["vocabulary"])
        network = build_network(header["recipe"], len(vocabulary), header["labels"])
        network.load_state_dict(checkpoint.tensors)
        network.eval().requires_grad_(False)
        teachers.append(Teacher(path, checkpoint, network, vocabulary, orders))
    return teachers


def _orders(
    wanted: dict[str, list[str]], own: dict[str, list[str]], path: Path, first: Path
) -> dict[str, Tensor]:
    """Where each wanted label stands among a teacher's own, for the kinds that are ordered
    otherwise."""
    orders = {}
    for kind, labels in wanted.items():
        given = own.get(kind, [])
        if given == labels:
            continue
        if kind not in ("intent", "tags") or sorted(given) != sorted(labels):
            odd = sorted(set(given) ^ set(labels))
            raise EdgetextError(
                f"{path}: its labels are not those of {first}"
                + (f" ({odd[0]!r} is in one alone)" if odd else " in their order")
                + "; give teachers that were trained on the same labels"
            )
        orders[kind] = torch.tensor([given.index(label) for label in labels])
    return orders
