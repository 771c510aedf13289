"""A text's vector, as the head that made it gives it."""

from __future__ import annotations

from torch import Tensor

from edgetext.models.decoders.decoder import Decoder


class ScoredVector(Decoder):
    """{"vector": float[1, D]} -> vector float32[1, D]."""

    def forward(self, scores: dict[str, Tensor]) -> tuple[Tensor]:
        return (scores["vector"],)
