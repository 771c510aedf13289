"""LSTM, bidirectional unless causal, with self-attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.configs.encoders import LstmConfig
from edgetext.models.layers.attention import SelfAttention
from edgetext.models.layers.convolution import convolve
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.recurrent import TextLstm
from edgetext.registry import register


@register("encoder", "lstm")
class LstmEncoder(nn.Module):
    """BiLSTM beside self-attention over the piece vectors, as in Stack-Propagation
    (Qin et al. 2019, §2.1): output = [BiLSTM(x); attention(x)], D = 2 * hidden + embedding.

    With `kernel` > 1 a convolution with a residual connection comes first, so that attention
    compares phrases and not lone pieces.
    """

    Config = LstmConfig

    def __init__(self, config: LstmConfig) -> None:
        super().__init__()
        self.output_dimension = config.hidden if config.causal else 2 * config.hidden
        self.dropout = Dropout(config.dropout)
        self.kernel = config.kernel
        self.causal = config.causal
        self.convolution = None
        if config.kernel > 1:
            self.convolution = nn.Linear(config.kernel * config.embedding, config.embedding)
        self.lstm = TextLstm(
            config.embedding,
            config.hidden,
            num_layers=config.layers,
            batch_first=True,
            bidirectional=not config.causal,
            dropout=config.dropout if config.layers > 1 else 0.0,
        )
        self.attention = None
        if config.heads:
            self.attention = SelfAttention(
                config.embedding,
                config.heads,
                config.dropout,
                config.causal,
                window=config.attention_window,
            )
            self.output_dimension += config.embedding

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.dropout(x)
        if self.convolution is not None:
            x = x + self.dropout(convolve(self.convolution, x, self.kernel, mask, self.causal))
        states = self.lstm(x, mask)
        if self.attention is not None:
            states = torch.cat([states, self.attention(x, mask)], dim=-1)
        return self.dropout(states)
