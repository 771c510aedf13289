"""Transformer encoder whose feed-forward layer may see a window of pieces."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from edgetext.configs.encoders import TransformerConfig
from edgetext.models.layers.attention import SelfAttention
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.masking import window
from edgetext.models.layers.segments import Mask, Segments
from edgetext.models.student_encoder import StudentEncoder, StudentForm
from edgetext.registry import register


class TransformerLayer(nn.Module):
    """Pre-norm (Xiong et al. 2020): x + feed_forward(norm(x)), then x + attention(norm(x)).

    With kernel > 1 the feed-forward layer is a convolution (FastSpeech, Ren et al. 2019, §3.1).
    It comes first so that attention already compares pieces in their neighbourhood; word order
    then needs no position vectors, and no length is too long.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.kernel = config.kernel
        self.causal = config.causal
        self.feed_forward_norm = nn.LayerNorm(config.hidden)
        self.widen = nn.Linear(config.kernel * config.hidden, config.feed_forward)
        self.narrow = nn.Linear(config.feed_forward, config.hidden)
        self.attention_norm = nn.LayerNorm(config.hidden)
        self.attention = SelfAttention(
            config.hidden,
            config.heads,
            config.dropout,
            config.causal,
            window=config.attention_window,
        )
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Tensor, mask: Mask) -> Tensor:
        y = self.widen(window(self.feed_forward_norm(x), self.kernel, mask, self.causal))
        x = x + self.dropout(self.narrow(self.dropout(torch.relu(y))))
        return x + self.dropout(self.attention(self.attention_norm(x), mask))


@register("encoder", "transformer")
class TransformerEncoder(StudentEncoder):
    """Layers over the projected piece vectors, a LayerNorm at the end."""

    student = StudentForm(place=2, causal=(True,), heads=4, always_attends=True)

    Config = TransformerConfig

    @classmethod
    def student_fields(cls, hidden: int) -> dict[str, Any]:
        return {"feed_forward": 2 * hidden}

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.output_dimension = config.hidden
        self.reach = config.kernel - 1 if config.causal else config.kernel // 2
        self.dropout = Dropout(config.dropout)
        self.projection = (
            nn.Linear(config.embedding, config.hidden)
            if config.embedding != config.hidden
            else nn.Identity()
        )
        self.positions = None
        if config.positions:
            self.positions = nn.Parameter(torch.randn(config.positions, config.hidden) * 0.02)
        self.layers = nn.ModuleList(TransformerLayer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.hidden)

    def forward(self, x: Tensor, mask: Mask = None) -> Tensor:
        x = self.projection(self.dropout(x))
        if self.positions is not None:
            if isinstance(mask, Segments):
                index = mask.position
            else:
                index = torch.arange(x.shape[1], device=x.device)
            x = x + nn.functional.embedding(
                index.clamp(max=self.positions.shape[0] - 1), self.positions
            )
        for layer in self.layers:
            x = layer(x, mask)
        return self.norm(x)
