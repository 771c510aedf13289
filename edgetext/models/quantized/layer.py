"""What every layer whose weights are stored as integers has."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor, nn

from edgetext.models.quantized.activations import Rounding, round_inputs


class QuantizedLayer(nn.Module, ABC):
    """A layer whose weights are integers.

    scheme: the registered name of the scheme that stores it (see quantized.scheme). dynamic:
    whether it finds the ranges of its inputs as it runs, which every runtime does in its own way.
    rounding: how it rounds its inputs; see quantized.activations. uneven: whether these differ so
    much in size that no runtime may round all of them by one range.
    """

    scheme: ClassVar[str]
    dynamic: ClassVar[bool] = True
    uneven: bool = False

    def __init__(self) -> None:
        super().__init__()
        self.rounding: Rounding = "rows"

    @abstractmethod
    def dequantized(self) -> Tensor:
        """Give the weights that the integers stand for, float32[N, K]."""


class QuantizedLinear(QuantizedLayer):
    """A Linear with integer weights, its inputs rounded to 8 bits as they come: float[..., K] ->
    float[..., N]. Its buffer `bias` is float32[N] or None."""

    bias: Tensor | None

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.linear(
            round_inputs(x, self.rounding), self.dequantized().to(x.dtype), self.bias
        )


class QuantizedEmbedding(QuantizedLayer):
    """A table of integer rows: ids int64[B, T] -> float32[B, T, E]."""

    @abstractmethod
    def forward(self, ids: Tensor) -> Tensor:
        """Give the rows of the ids."""

    def table(self) -> Tensor:
        """Give all rows, float32[V, E]."""
        return self.dequantized()

    def scores(self, x: Tensor, bias: Tensor) -> Tensor:
        """Give what a QuantizedLinear of these rows makes of x float[B, T, E]: float[B, T, V]."""
        return nn.functional.linear(round_inputs(x, self.rounding), self.table(), bias)


def first_linear(network: nn.Module) -> QuantizedLayer | None:
    """Give the first quantized layer that reads vectors, which are a text's embeddings."""
    layers = (x for x in network.modules() if isinstance(x, QuantizedLayer))
    return next((x for x in layers if not isinstance(x, QuantizedEmbedding)), None)


def schemes_of(network: nn.Module) -> dict[str, str]:
    """Give the scheme of each quantized layer by the layer's dotted name."""
    return {
        name: module.scheme
        for name, module in network.named_modules()
        if isinstance(module, QuantizedLayer)
    }
