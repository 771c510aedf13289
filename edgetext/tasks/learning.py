"""How a task learns: from examples over labels and targets to a loss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, Self

import numpy as np
import torch
from torch import Tensor

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example
from edgetext.models.network import Network
from edgetext.recipe import TrainingConfig
from edgetext.tasks.class_weights import ClassWeights
from edgetext.tasks.task import Task
from edgetext.text.encoding import Encoding
from edgetext.text.tokenization import Tokenization

# A checkpoint's labels by kind, as its network counts them.
Labels = Mapping[str, Sequence[str]]
# The number of each label, by kind.
Numbers = Mapping[str, Mapping[str, int]]


class BatchLike(Protocol):
    """What a loss looks at: see training.dataset.Batch."""

    @property
    def ids(self) -> Tensor: ...

    @property
    def mask(self) -> Tensor: ...

    @property
    def first(self) -> Tensor: ...

    @property
    def targets(self) -> Mapping[str, Tensor]: ...


# Gives a network's scores of each batch of the validation split, in evaluation mode.
Scored = Callable[[], Iterable[tuple[Mapping[str, Tensor], BatchLike]]]


class Learning:
    """The half of a Learner that makes targets and losses.

    task: what it learns. same_pieces: whether a student needs its teacher's vocabulary.
    learns_unlabeled: whether a teacher's answers can be the labels of texts without any.
    few_scores: whether the scores of a text are so few that a teacher's are kept for every text.
    padded: whether a checkpoint can answer many texts at once, as rows of one padded matrix.
    in_windows: whether a text that is too long is read in parts, and not cut.
    as_written: whether the bytes of a text are compared with pieces, so that nothing in it is read
    as something else. takes_hashed: whether words that are hashed do in the place of pieces.
    takes_imported: whether pieces of a tokenizer that edgetext did not train do. gives_vectors:
    whether what it answers is a text's vector, which another model can learn without labels.
    """

    task: Task[Any]
    same_pieces: ClassVar[bool] = False
    learns_unlabeled: ClassVar[bool] = False
    few_scores: ClassVar[bool] = False
    padded: ClassVar[bool] = False
    in_windows: ClassVar[bool] = False
    as_written: ClassVar[bool] = False
    takes_hashed: ClassVar[bool] = False
    takes_imported: ClassVar[bool] = True
    gives_vectors: ClassVar[bool] = False

    def labels(self, examples: Sequence[Example]) -> dict[str, list[str]]:
        """Collect the labels of a training split; EdgetextError when it cannot be learnt from."""
        raise NotImplementedError

    def names(self, labels: Labels) -> dict[str, list[str]]:
        """Give what an artifact publishes: "intent" and "slots" (both may be empty, as by default),
        and the task's own kinds."""
        return {"intent": [], "slots": []}

    def shown(
        self, examples: Sequence[Example], max_bytes: int, *, training: bool
    ) -> Sequence[Example]:
        """Give what a network is shown of the examples, one after the other."""
        return examples

    def read_part(self, text: str, max_bytes: int) -> str:
        """Give the part of a text that a network can be shown, from which pieces are learnt."""
        return text if self.in_windows else cut(text, max_bytes)

    def encode(self, example: Example, vocabulary: Tokenization, max_bytes: int) -> Encoding:
        """Encode what the network reads of an example, cut as an artifact cuts it."""
        return encode_cut(vocabulary, example.text, max_bytes)

    def weighted(self, choice: ClassWeights, examples: Sequence[Example], labels: Labels) -> Self:
        """Give the learner whose loss has weights of the labels of texts, by the training examples.

        EdgetextError for a task without such labels, and for a label that there is not.
        """
        raise EdgetextError(
            f"class_weights: task {self.task.name} gives no text a label to weigh; leave it out"
        )

    def expecting(
        self, shares: Mapping[str, float], examples: Sequence[Example], labels: Labels
    ) -> Self:
        """Give the learner whose scores are for texts of which a share has a label, whatever their
        share of the training examples.

        EdgetextError for a task without one label a text, and for a label that there is not.
        """
        raise EdgetextError(
            f"label_shares: task {self.task.name} gives no text one label of several; leave it out"
        )

    def targets(
        self, example: Example, encoding: Encoding, numbers: Numbers
    ) -> dict[str, np.ndarray | int]:
        """Give what the loss compares with, by name: int64[T], a value a piece; one int; or
        int64[S, k], as many rows as the example has."""
        raise NotImplementedError

    def loss(
        self, scores: Mapping[str, Tensor], batch: BatchLike, config: TrainingConfig
    ) -> Tensor:
        """Compute the supervised loss of the head's scores, a scalar."""
        raise NotImplementedError

    def soft_loss(
        self,
        scores: Mapping[str, Tensor],
        teacher: Mapping[str, Tensor],
        batches: tuple[BatchLike, BatchLike],
        temperature: float,
        config: TrainingConfig,
    ) -> Tensor:
        """Compute how far a student's scores are from its teacher's, a scalar.

        scores, teacher: what the heads of both gave, by name. batches: the same texts as the
        student and as the teacher reads them; the pieces marked `first` correspond one to one.
        """
        raise NotImplementedError

    def sureness(self, scores: Mapping[str, Tensor], batch: BatchLike) -> Tensor:
        """Give float[B]: the probability of the least sure part of each answer, of the intent or of
        a word's tag."""
        sure = torch.ones(len(batch.ids))
        for name in ("intent", "tags"):
            if name in scores and scores[name].shape[-1]:
                best = scores[name].softmax(-1).amax(-1)
                if best.dim() == 2:
                    best = best.masked_fill(~batch.first, 1.0).amin(dim=1)
                sure = torch.minimum(sure, best)
        return sure

    def calibrate(self, head: Any, scored: Scored) -> None:
        """Choose, in place, what a head decides by that no gradient finds; by default nothing.

        `scored` runs the network, by the head as it is then.
        """

    def published(self, head: Any) -> dict[str, float]:
        """Give what `calibrate` chose, by name, for the metadata of an artifact."""
        return {}

    def score(
        self, network: Network, batches: Iterable[BatchLike], parts: Sequence[Example]
    ) -> dict[str, float] | None:
        """Measure a network in evaluation mode, over all `parts`, by what needs no decoding.

        None, the default, has every part answered and measured.
        """
        return None


def numbered(labels: Labels) -> Numbers:
    """Give each label's place among those of its kind."""
    return {kind: {name: i for i, name in enumerate(names)} for kind, names in labels.items()}


def cut(text: str, max_bytes: int) -> str:
    """Give a text's first `max_bytes` bytes, cut at a character as an artifact cuts them."""
    return text.encode("utf-8")[:max_bytes].decode("utf-8", errors="ignore")


def encode_cut(vocabulary: Tokenization, text: str, max_bytes: int) -> Encoding:
    """Encode the part of a text that an artifact reads."""
    return vocabulary.encode(cut(text, max_bytes))
