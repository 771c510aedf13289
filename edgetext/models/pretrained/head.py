"""What the heads of published weights share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import nn

from edgetext.models.network import Head, Network
from edgetext.models.pretrained.stages import AnswerJoined, AnswerPieces, ReadJoined


class PublishedHead(Head):
    """A head whose ids come with their special pieces."""

    def second_stage(self, network: Network, decoder: Callable[[], Any]) -> Any:
        return AnswerPieces(network, decoder())


class JoinedHead(PublishedHead):
    """A head of two texts in one sequence. truncation: see stages.ReadJoined."""

    truncation = "longest_first"

    def first_stage(self, vocabulary: Any, max_bytes: int, *, for_executorch: bool) -> nn.Module:
        return ReadJoined(
            vocabulary, max_bytes, truncation=self.truncation, for_executorch=for_executorch
        )

    def second_stage(self, network: Network, decoder: Callable[[], Any]) -> Any:
        return AnswerJoined(network, decoder())
