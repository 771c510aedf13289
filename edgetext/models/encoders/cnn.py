"""Convolutions over pieces, with an attention layer among them when asked."""

from __future__ import annotations

import itertools

from torch import Tensor, nn

from edgetext.configs.encoders import CnnConfig
from edgetext.models.layers.attention import SelfAttention
from edgetext.models.layers.convolution import convolve
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.segments import Mask
from edgetext.models.student_encoder import StudentEncoder, StudentForm
from edgetext.registry import register


@register("encoder", "cnn")
class CnnEncoder(StudentEncoder):
    """DocNN's convolutions (Kim 2014, §2), stacked with residual connections.

    A layer is a Linear on each piece's window (see masking.window), ReLU, residual, LayerNorm.
    With `heads` > 0 one self-attention layer lets far words see each other. Layers may come after
    it, so that neighbours can agree on what it saw.
    """

    student = StudentForm(place=1, causal=(False, True), heads=2, convolves=True)

    Config = CnnConfig

    def __init__(self, config: CnnConfig) -> None:
        super().__init__()
        self.output_dimension = config.hidden
        self.kernel = config.kernel
        self.causal = config.causal
        self.reach = config.kernel - 1 if config.causal else config.kernel // 2
        after = config.attention_after
        self.attention_after = config.layers if after is None else after
        self.dropout = Dropout(config.dropout)
        widths = [config.embedding] + [config.hidden] * config.layers
        self.layers = nn.ModuleList(
            nn.Linear(config.kernel * inputs, outputs)
            for inputs, outputs in itertools.pairwise(widths)
        )
        self.norms = nn.ModuleList(nn.LayerNorm(config.hidden) for _ in self.layers)
        self.attention = None
        if config.heads:
            self.attention = SelfAttention(
                config.hidden,
                config.heads,
                config.dropout,
                config.causal,
                window=config.attention_window,
            )
            self.attention_norm = nn.LayerNorm(config.hidden)

    def forward(self, x: Tensor, mask: Mask = None) -> Tensor:
        x = self.dropout(x)
        for i, (layer, norm) in enumerate(zip(self.layers, self.norms, strict=True)):
            if i == self.attention_after:
                x = self._attend(x, mask)
            y = convolve(layer, x, self.kernel, mask, self.causal)
            x = self.dropout(norm(x + y if x.shape[-1] == y.shape[-1] else y))
        return self._attend(x, mask) if self.attention_after == len(self.layers) else x

    def _attend(self, x: Tensor, mask: Mask) -> Tensor:
        if self.attention is None:
            return x
        return self.attention_norm(x + self.dropout(self.attention(x, mask)))
