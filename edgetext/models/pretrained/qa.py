"""Where in a passage the answer to a question begins and ends, by published weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from edgetext.configs.pretrained import AnswerConfig
from edgetext.models.network import Network
from edgetext.models.pretrained.head import JoinedHead
from edgetext.models.pretrained.pairs import JoinedNetwork
from edgetext.models.pretrained.stages import (
    AnswerJoinedPassage,
    ReadJoinedPassage,
    ReadJoinedWords,
)
from edgetext.models.pretrained.vectors import Transform
from edgetext.registry import register


@register("head", "pretrained_qa")
class PretrainedQaHead(JoinedHead):
    """Two scores a piece, as the first and as the last of the answer. Scores: "answer"
    float[B, T, 2]; those of the first piece of all stand for "no answer".

    by_words: only the first piece of a word counts, for both ends, so that a student whose pieces
    are others is taught word by word.
    """

    network = JoinedNetwork
    truncation = "only_second"

    Config = AnswerConfig

    def __init__(self, config: Any, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.transform = Transform(config, width)
        self.scores = nn.Linear(width, 2)
        self.by_words = config.by_words

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {"answer": self.scores(self.transform(x))}

    def first_stage(self, vocabulary: Any, max_bytes: int, *, for_executorch: bool) -> nn.Module:
        stage = ReadJoinedWords if self.by_words else ReadJoinedPassage
        return stage(
            vocabulary, max_bytes, truncation=self.truncation, for_executorch=for_executorch
        )

    def second_stage(self, network: Network, decoder: Callable[[], Any]) -> Any:
        return AnswerJoinedPassage(network, decoder())
