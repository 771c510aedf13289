"""A text's vector, by published weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from edgetext.configs.pretrained import EmbedConfig
from edgetext.models.decoders.vector import ScoredVector
from edgetext.models.pretrained.activations import ACTIVATIONS
from edgetext.models.pretrained.head import PublishedHead
from edgetext.models.pretrained.vectors import pooled
from edgetext.registry import register


@register("head", "pretrained_embed")
class PretrainedEmbedHead(PublishedHead):
    """Pooled vectors, side by side where there are several, Linears, and the length made 1."""

    Config = EmbedConfig

    def __init__(
        self, config: EmbedConfig, width: int, labels: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.pooling = config.pooling
        self.dimension = config.dimension
        self.activations = [ACTIVATIONS[name] for name in config.activations]
        self.layers = nn.ModuleList()
        inputs = width * len(config.pooling)
        for outputs, bias in zip(config.dense, config.biases, strict=True):
            self.layers.append(nn.Linear(inputs, outputs, bias=bias))
            inputs = outputs

    def forward(self, x: Tensor, mask: Tensor | None = None) -> dict[str, Tensor]:
        parts = [pooled(name, x, mask) for name in self.pooling]
        vector = parts[0] if len(parts) == 1 else torch.cat(parts, -1)
        for layer, activation in zip(self.layers, self.activations, strict=True):
            vector = activation(layer(vector))
        vector = vector[:, : self.dimension]
        length = (vector * vector).sum(-1, keepdim=True)
        return {"vector": vector * torch.rsqrt(length.clamp(min=1e-24))}

    def decoder(self) -> ScoredVector:
        return ScoredVector()
