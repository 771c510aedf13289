"""Two texts that never see each other: a vector of each, and a comparison of the vectors.

The vectors of many texts can be made once and searched; see SentenceBERT (Reimers & Gurevych 2019,
§3).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from edgetext.models.decoders.decoder import Decoder
from edgetext.models.network import Network
from edgetext.models.networks.cross_encoder import AnswerPair, in_second
from edgetext.models.pipeline import AnswerText
from edgetext.text.vocabulary import PAD


class BiEncoderNetwork(Network):
    """Each text through the same encoder by itself.

    The head has `vector(states, mask)` -> float[B, D] and `compare(a, b)` -> scores.
    """

    def forward(
        self, ids: Tensor, mask: Tensor | None = None, *, hidden: bool = False
    ) -> dict[str, Tensor]:
        """ids int64[B, T] of both texts, joined as models.networks.cross_encoder says."""
        second = in_second(ids)
        parts, real = _apart(ids, torch.ones_like(second) if mask is None else mask, second)
        states = self.encoder(self.embedding(parts), real)
        scores = self.compare(*self.head.vector(states, real).chunk(2))  # type: ignore[operator]
        return {**scores, "hidden": _together(states, second)} if hidden else scores

    def vector(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """ids int64[B, T] of one text -> its unit vector float[B, D]."""
        states = self.encoder(self.embedding(ids), mask)
        found: Tensor = self.head.vector(states, mask)  # type: ignore[operator]
        return found

    def compare(self, one: Tensor, other: Tensor) -> dict[str, Tensor]:
        """Two vectors float[B, D] -> the head's scores."""
        scores: dict[str, Tensor] = self.head.compare(one, other)  # type: ignore[operator]
        return scores


def _apart(ids: Tensor, mask: Tensor, second: Tensor) -> tuple[Tensor, Tensor]:
    """ids int64[2 B, T'] and their mask: the rows' first texts, then their second ones."""
    begins = (~second).sum(1, keepdim=True)
    sizes = torch.cat([begins, mask.sum(1, keepdim=True) - begins])
    at = torch.arange(int(sizes.max()), device=ids.device)
    real = at < sizes
    index = torch.cat([at.expand(len(ids), -1), at + begins]).clamp(max=ids.shape[1] - 1)
    parts = torch.cat([ids, ids]).gather(1, index)
    return parts.masked_fill(~real, PAD), real


def _together(states: Tensor, second: Tensor) -> Tensor:
    """float[2 B, T', D] of `_apart` as float[B, T, D] in the order of the joined ids."""
    one, other = states.chunk(2)
    begins = (~second).sum(1, keepdim=True)
    position = torch.arange(second.shape[1], device=states.device)
    index = torch.where(second, position - begins + states.shape[1], position)
    index = index.clamp(max=2 * states.shape[1] - 1).unsqueeze(-1)
    return torch.cat([one, other], 1).gather(1, index.expand(-1, -1, states.shape[2]))


class AnswerTowers(AnswerPair):
    """ids int64[1, T], ids_b int64[1, U] -> what the decoder makes of the two vectors."""

    def scores(self, ids: Tensor, ids_b: Tensor) -> dict[str, Tensor]:
        network: Any = self.network
        found: dict[str, Tensor] = network.compare(network.vector(ids), network.vector(ids_b))
        return found


class AnswerVector(AnswerText):
    """ids int64[1, T] of one text -> its unit vector float32[1, D]."""

    def __init__(self, network: Network) -> None:
        super().__init__(network, VectorDecoder())

    def forward(self, ids: Tensor) -> tuple[Tensor, ...]:
        network: Any = self.network
        outputs: tuple[Tensor, ...] = self.decoder(network.vector(ids))
        return outputs


class VectorDecoder(Decoder):
    """A vector as it is."""

    def forward(self, vector: Tensor) -> tuple[Tensor]:
        return (vector,)
