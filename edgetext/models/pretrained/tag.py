"""Labeled spans of a text, by published weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from edgetext.configs.pretrained import TagConfig
from edgetext.models.decoders.pieces import PieceTagDecoder
from edgetext.models.network import Network
from edgetext.models.pretrained.head import PublishedHead
from edgetext.models.pretrained.stages import AnswerTaggedPieces, ReadPieces
from edgetext.models.pretrained.vectors import Transform
from edgetext.registry import register


@register("head", "pretrained_tag")
class PretrainedTagHead(PublishedHead):
    """A tag a piece, of which spans are made as the pipeline of transformers makes them.

    Scores: "tags" float[B, T, K].
    """

    outputs = ("span_scores", "spans")

    Config = TagConfig

    def __init__(self, config: Any, width: int, labels: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.transform = Transform(config, width)
        self.scores = nn.Linear(width, len(labels["tags"]))
        self.tags, self.aggregation = list(labels["tags"]), config.aggregation
        self.by_space = config.by_space

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        return {"tags": self.scores(self.transform(x))}

    def first_stage(self, vocabulary: Any, max_bytes: int, *, for_executorch: bool) -> nn.Module:
        return ReadPieces(
            vocabulary, max_bytes, by_space=self.by_space, for_executorch=for_executorch
        )

    def second_stage(self, network: Network, decoder: Callable[[], Any]) -> Any:
        return AnswerTaggedPieces(network, decoder())

    def decoder(self) -> PieceTagDecoder:
        return PieceTagDecoder(self.tags, self.aggregation)

    def words(self, encoding: Any) -> tuple[Tensor, ...]:
        # Without the piece behind the text.
        inside = torch.from_numpy(~encoding.first[:-1]).to(torch.int64)
        start, end = (
            torch.from_numpy(x[:-1]).to(torch.int64) for x in (encoding.start, encoding.end)
        )
        inside[0] = 0
        return start, end, inside
