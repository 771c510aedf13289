"""Convolutions over pieces in the fewest operators: what a small student should be."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from torch import Tensor, nn

from edgetext.core.integers import ceil_div
from edgetext.models.layers.attention import SharedAttention, check_attention, check_window
from edgetext.models.layers.convolution import convolve
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

    class Config(BaseModel):
        model_config = ConfigDict(extra="forbid")

        embedding: int = Field(64, ge=1, description="width of a piece's vector")
        hidden: int = Field(128, ge=1, description="width of a layer")
        layers: int = Field(2, ge=1)
        kernel: int | list[int] = Field(
            3, description="pieces that a layer sees, odd; or a number for each layer"
        )
        normalize: bool = Field(False, description="batch norm, folded into the layers at the end")
        residual: bool = Field(False, description="add a layer's input to its output")
        heads: int = Field(0, ge=0, le=1, description="1 for an attention layer, 0 for none")
        attention_after: int | None = Field(
            None, ge=1, description="layers before the attention; by default the first half"
        )
        attention_window: int | None = Field(
            None, ge=1, description="pieces of a block; each sees its own and the two beside it"
        )
        dropout: float = Field(0.1, ge=0, lt=1)

        @model_validator(mode="after")
        def _check(self) -> Self:
            if len(self.kernels) != self.layers:
                raise ValueError(
                    f"kernel has {len(self.kernels)} numbers for {self.layers} layers; give one "
                    "for each, or one for all"
                )
            for kernel in self.kernels:
                if kernel < 1 or kernel % 2 == 0:
                    raise ValueError(f"kernel is {kernel}; it must be odd")
            check_attention(self.heads, self.attention_after, self.layers)
            check_window(self.attention_window, self.heads)
            return self

        @property
        def kernels(self) -> list[int]:
            """The pieces that each layer sees."""
            return self.kernel if isinstance(self.kernel, list) else [self.kernel] * self.layers

    @classmethod
    def student_fields(cls, hidden: int) -> dict[str, Any]:
        return {"normalize": True}

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.output_dimension = config.hidden
        self.kernels = config.kernels
        self.reach = max(config.kernels) // 2
        self.residual = config.residual
        self.dropout = nn.Dropout(config.dropout)
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
