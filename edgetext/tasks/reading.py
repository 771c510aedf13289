"""How a task's network is put together with what reads bytes and what decodes scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor, nn

from edgetext.models.decoders.decoder import Decoder
from edgetext.models.network import Network
from edgetext.models.pipeline import (
    AnswerHashed,
    AnswerText,
    AnswerWords,
    Pipeline,
    ReadHashed,
    ReadText,
)
from edgetext.models.pretrained.stages import AnswerPieces, AnswerPieceWords
from edgetext.tasks.learning import Labels
from edgetext.tasks.task import Task
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.imported.tokenizer import ImportedTokenizer
from edgetext.text.tokenization import Tokenization


class Reading:
    """The half of a Learner that makes the modules of an artifact.

    several: whether its decoder decodes several texts at once. mark_row: whether a row for [CLS]
    stands before those of the words that a decoder takes. embeds: the task that a part of a network
    answers by itself, by the head that has such a part.
    """

    task: Task[Any]
    several: ClassVar[bool] = False
    mark_row: ClassVar[bool] = True
    embeds: ClassVar[Mapping[str, str]] = {}

    def decoder(self, labels: Labels) -> Decoder:
        """Make the module from the scores of one text to the artifact's outputs without
        `truncated`.

        forward(scores), each with a leading 1; with the task's `needs_words` forward(scores, first,
        start, end), int64[1 + W] each: [CLS] and each word's first piece, and its bytes (see
        text.graph.Pieces).
        """
        raise NotImplementedError

    def row(self, scores: Mapping[str, Tensor], row: int, length: int) -> dict[str, Tensor]:
        """Cut one text's scores out of a padded batch's, with a leading 1."""
        return {
            name: part[row : row + 1, :length] if part.dim() > 2 else part[row : row + 1]
            for name, part in scores.items()
        }

    def first_stage(
        self, vocabulary: Tokenization, max_bytes: int, *, for_executorch: bool = False
    ) -> nn.Module:
        """Make the module from uint8[1, n] to what the second stage takes, truncated int32[1]
        last."""
        if isinstance(vocabulary, HashedWords):
            return ReadHashed(vocabulary, max_bytes, for_executorch=for_executorch)
        return ReadText(vocabulary, max_bytes, for_executorch=for_executorch)

    def second_stage(self, network: Network, labels: Labels, vocabulary: Tokenization) -> Any:
        """Make the module from there to the artifact's outputs: see models.pipeline.AnswerText."""
        if isinstance(vocabulary, HashedWords):
            words = self.task.needs_words
            return AnswerHashed(network, self.decoder(labels), vocabulary, words=words)
        stage: type[AnswerText] = AnswerWords if self.task.needs_words else AnswerText
        if isinstance(vocabulary, ImportedTokenizer):
            stage = AnswerPieceWords if self.task.needs_words else AnswerPieces
        return stage(network, self.decoder(labels))

    def pipeline(self, read: nn.Module, answer: Any) -> Any:
        """Join both stages to one module from the task's inputs."""
        return Pipeline(read, answer)
