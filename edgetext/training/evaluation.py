"""A network's answers over an encoded set, and their metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from edgetext.models.network import Head
from edgetext.tasks.learner import Learner, decoder_of
from edgetext.tasks.metrics import Score, with_macro_f1
from edgetext.tasks.prediction import Prediction
from edgetext.tasks.words import word_bounds
from edgetext.text.encoding import Encoding
from edgetext.training.dataset import Batch, EncodedSet

BATCH_SIZE = 128


@dataclass(frozen=True, slots=True)
class Judged:
    """metrics: the task's. classes: the scores of each label, empty where a text has none."""

    metrics: dict[str, float]
    classes: Mapping[str, Score] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, float]:
        """The metrics, and "macro_f1" where there are classes."""
        return with_macro_f1(self.metrics, self.classes)


def device_of(network: nn.Module) -> torch.device:
    """Give the device of a network, which has buffers alone where all layers are integers."""
    return next(chain(network.parameters(), network.buffers())).device


@torch.no_grad()
def calibrate(network: Any, learner: Learner, encode: Callable[[], EncodedSet]) -> None:
    """Let the network's head choose what it decides by, in place, on a validation set.

    encode: gives the set, for tasks that need it.
    """
    network.eval()
    device = device_of(network)

    def scored() -> Iterator[tuple[Mapping[str, Tensor], Batch]]:
        for batch in encode().in_order(BATCH_SIZE):
            moved = batch.to(device)
            yield network(moved.ids, moved.mask), moved

    learner.calibrate(network.head, scored)


def judge(network: Any, data: EncodedSet) -> Judged:
    """The network's metrics and those of each label on a set, in evaluation mode."""
    metrics, answered = _answered(network, data)
    if metrics is not None:
        return Judged(metrics)
    task = data.learner.task
    return Judged(task.measure(data.examples, answered), task.class_scores(data.examples, answered))


def _answered(network: Any, data: EncodedSet) -> tuple[dict[str, float] | None, list[Prediction]]:
    """What a task measures without answers, else None and the answers."""
    network.eval()
    device = device_of(network)
    batches = (batch.to(device) for batch in data.in_order(BATCH_SIZE))
    with torch.no_grad():
        metrics = data.learner.score(network, batches, data.examples)
    return metrics, [] if metrics is not None else answers(network, data, whole=False)


@torch.no_grad()
def answers(
    network: Any, data: EncodedSet, batch_size: int = BATCH_SIZE, *, whole: bool = True
) -> list[Prediction]:
    """The network's answer to each text, in the set's order; the network must be in eval mode.

    Decoded by the very module that is exported. `truncated` is not looked at and False. whole: with
    the scores of all labels.
    """
    device = device_of(network)
    decoder = decoder_of(network, data.learner, data.labels).eval()
    by_place: list[Prediction | None] = [None] * len(data)
    for index in data.rows_in_order(batch_size):
        batch = data.batch(index).to(device)
        scores = {name: x.float().cpu() for name, x in network(batch.ids, batch.mask).items()}
        for i, answer in zip(
            index.tolist(), decoded(network, decoder, data, index, scores), strict=True
        ):
            by_place[i] = answer if whole else answer.brief()
    return [given for given in by_place if given is not None]


@torch.no_grad()
def decoded(
    network: Any, decoder: Any, data: EncodedSet, index: Tensor, scores: Mapping[str, Tensor]
) -> Iterator[Prediction]:
    """Yield the answers to the rows int64[B] of a set by their scores, float32 on the CPU.

    decoder: of the network's head, or of what learns its task.
    """
    learner, names = data.learner, data.learner.names(data.labels)
    uncut = np.zeros(1, np.int32)
    for row, i in enumerate(index.tolist()):
        encoding = data.encodings[i]
        words = _taken(network, encoding, learner)
        outputs = decoder(learner.row(scores, row, len(encoding.ids)), *words)
        yield learner.task.read((*(output.numpy() for output in outputs), uncut), names)


def _taken(network: Any, encoding: Encoding, learner: Learner) -> tuple[Tensor, ...]:
    """What a decoder takes beside the scores of one text."""
    if not learner.task.needs_words:
        return ()
    head = network.head
    own = head.words(encoding) if isinstance(head, Head) else None
    return words_of(encoding, mark=learner.mark_row) if own is None else own


def words_of(encoding: Encoding, *, mark: bool = True) -> tuple[Tensor, Tensor, Tensor]:
    """Give first, start, end int64[1 + W] as text.graph.Pieces has them: each word's first piece
    and its bytes, [CLS] before them; without `mark` int64[W], the words alone."""
    begins, ends = word_bounds(encoding)
    rows = ((0, np.flatnonzero(encoding.first)), (-1, begins), (0, ends))
    first, start, end = (
        torch.from_numpy(np.append(before, row)[not mark :].astype(np.int64))
        for before, row in rows
    )
    return first, start, end
