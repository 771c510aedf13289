"""Convolutions over pieces, with an attention layer among them when asked."""

from __future__ import annotations

import itertools
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor, nn

from edgetext.models.layers.attention import SelfAttention, check_attention, check_window
from edgetext.models.layers.convolution import convolve
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

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        embedding: int = Field(64, ge=1, description="width of a piece's vector")
        hidden: int = Field(128, ge=1, description="width of a layer")
        layers: int = Field(2, ge=1)
        kernel: int = Field(3, ge=1, description="pieces that a convolution sees; odd")
        heads: int = Field(0, ge=0, description="heads of the attention layer; 0 leaves it out")
        attention_after: int | None = Field(
            None, ge=0, description="layers before the attention; by default all of them"
        )
        attention_window: int | None = Field(
            None, ge=1, description="pieces of a block; each sees its own and the two beside it"
        )
        causal: bool = Field(False, description="no piece sees a later one, for language models")
        dropout: float = Field(0.1, ge=0, lt=1)

        @model_validator(mode="after")
        def _check(self) -> Self:
            if self.kernel % 2 == 0:
                raise ValueError(f"kernel is {self.kernel}; it must be odd")
            check_attention(self.heads, self.attention_after, self.layers)
            check_window(self.attention_window, self.heads, self.causal)
            if self.attention_after == 0 and self.embedding != self.hidden:
                raise ValueError("attention comes first, so embedding must equal hidden")
            if self.heads and self.hidden % self.heads:
                raise ValueError(f"hidden ({self.hidden}) must be a multiple of heads")
            return self

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.output_dimension = config.hidden
        self.kernel = config.kernel
        self.causal = config.causal
        self.reach = config.kernel - 1 if config.causal else config.kernel // 2
        after = config.attention_after
        self.attention_after = config.layers if after is None else after
        self.dropout = nn.Dropout(config.dropout)
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
