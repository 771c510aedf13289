"""Convolutions over pieces in the fewest operators: what a small student should be."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from edgetext.configs.encoders import ConvConfig
from edgetext.core.integers import ceil_div
from edgetext.models.layers.attention import SharedAttention
from edgetext.models.layers.convolution import convolve
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.norm import NormedLinear
from edgetext.models.layers.segments import Mask
from edgetext.models.network import FusibleEncoder
from edgetext.models.student_encoder import StudentEncoder, StudentForm
from edgetext.registry import register


@register("encoder", "conv")
class ConvEncoder(FusibleEncoder, StudentEncoder):
    """Linear and ReLU on windows of pieces, layer on layer; no layer norm.

    At batch 1 an operator costs more than the arithmetic of a small one, so wide layers with
    nothing between them answer sooner than many narrow ones. One attention layer, of one head, may
    stand among them, so that far words see each other. Weights begin as He et al. 2015 (§2.2)
    draw them, which is what lets a few such layers learn without normalization.
    """

    student = StudentForm(place=0, heads=1, convolves=True)

    Config = ConvConfig

    @classmethod
    def student_fields(cls, hidden: int) -> dict[str, Any]:
        return {"normalize": True}

    def __init__(self, config: ConvConfig) -> None:
        super().__init__()
        self.output_dimension = config.hidden
        self.kernels = config.kernels
        self.reach = max(config.kernels) // 2
        self.residual = config.residual
        self.dropout = Dropout(config.dropout)
        widths = [config.embedding] + [config.hidden] * (config.layers - 1)
        build = NormedLinear if config.normalize else _linear
        self.layers = nn.ModuleList(
            build(kernel * width, config.hidden)
            for kernel, width in zip(config.kernels, widths, strict=True)
        )
        self.attention_after = config.attention_after or ceil_div(config.layers, 2)
        self.attention = None
        if config.heads:
            self.attention = SharedAttention(config.hidden, config.attention_window)

    def forward(self, x: Tensor, mask: Mask = None) -> Tensor:
        x = self.dropout(x)
        for i, (kernel, layer) in enumerate(zip(self.kernels, self.layers, strict=True), start=1):
            y = convolve(layer, x, kernel, mask)
            x = self.dropout(x + y if self.residual and x.shape[-1] == y.shape[-1] else y)
            if self.attention is not None and i == self.attention_after:
                x = x + self.dropout(self.attention(x, mask))
        return x

    def fuse(self) -> dict[str, Any]:
        """Fold the normalization into the layers; give the changed fields of the config."""
        self.layers = nn.ModuleList(
            layer.folded() if isinstance(layer, NormedLinear) else layer for layer in self.layers
        )
        return {"normalize": False}


def _linear(inputs: int, outputs: int) -> nn.Linear:
    layer = nn.Linear(inputs, outputs)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    nn.init.zeros_(layer.bias)
    return layer
