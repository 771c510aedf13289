"""Convolutions over pieces in the fewest operators: what a small student should be."""

from __future__ import annotations

from typing import Self

import torch
from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor, nn

from edgetext.models.masking import window
from edgetext.registry import register


@register("encoder", "window")
class WindowEncoder(nn.Module):
    """Linear and ReLU on windows of pieces, layer on layer; no normalisation, no attention.

    At batch 1 an operator costs more than the arithmetic of a small one, so wide layers with
    nothing between them answer sooner than many narrow ones. Weights begin as He et al. 2015 (§2.2)
    draw them, which is what lets a few such layers learn without normalisation.
    """

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        embedding: int = Field(64, ge=1, description="width of a piece's vector")
        hidden: int = Field(128, ge=1, description="width of a layer")
        kernels: list[int] = Field([3, 3], min_length=1, description="pieces a layer sees; odd")
        dropout: float = Field(0.1, ge=0, lt=1)

        @model_validator(mode="after")
        def _check(self) -> Self:
            for kernel in self.kernels:
                if kernel < 1 or kernel % 2 == 0:
                    raise ValueError(f"kernels has {kernel}; each must be odd")
            return self

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.output_dimension = config.hidden
        self.kernels = config.kernels
        self.dropout = nn.Dropout(config.dropout)
        widths = [config.embedding] + [config.hidden] * (len(config.kernels) - 1)
        self.layers = nn.ModuleList(
            nn.Linear(kernel * width, config.hidden)
            for kernel, width in zip(config.kernels, widths, strict=True)
        )
        for layer in self.layers:
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.dropout(x)
        for kernel, layer in zip(self.kernels, self.layers, strict=True):
            x = self.dropout(torch.relu(layer(window(x, kernel, mask))))
        return x
