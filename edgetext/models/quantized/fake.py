"""Fake-quantized layers: float32 layers in training that answer as their integers will.

Each holds the parameters of the layer it stands for, under the same names. Gradients pass the
rounding as if it were not there (straight-through, Jacob et al. 2018, §3).
"""

from __future__ import annotations

from torch import Tensor, nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.activations import round_activations, straight_through
from edgetext.models.quantized.weights import Quantizer


class FakeLinear(nn.Module):
    """A Linear in training that answers as a QuantizedLinear will.

    quantizer: what turns its weights into integers.
    """

    bias: nn.Parameter | None

    def __init__(self, layer: nn.Linear, quantizer: Quantizer) -> None:
        super().__init__()
        self.in_features = layer.in_features
        self.quantizer = quantizer
        self.weight = layer.weight
        self.register_parameter("bias", layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        weight = fake_rows(self.weight, self.quantizer)
        return nn.functional.linear(straight_through(x, round_activations(x)), weight, self.bias)


class FakeEmbedding(nn.Module):
    """A TokenEmbedding in training whose rows are those of its quantized form, and so is what
    reads all of them as an output matrix.

    quantizer: what turns its rows into integers.
    """

    def __init__(self, layer: TokenEmbedding, quantizer: Quantizer) -> None:
        super().__init__()
        self.quantizer = quantizer
        self.weight = layer.weight

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.weight)
        rounded = dequantized(rows.flatten(0, -2), self.quantizer)
        return straight_through(rows, rounded.view_as(rows))

    def table(self) -> Tensor:
        """Give all rows, float[V, E]."""
        return fake_rows(self.weight, self.quantizer)

    def scores(self, x: Tensor, bias: Tensor) -> Tensor:
        """Give x float[B, T, E] against every row: float[B, T, V]; bias float[V]."""
        x = straight_through(x, round_activations(x))
        return nn.functional.linear(x, self.table(), bias)


def fake_rows(weight: Tensor, quantizer: Quantizer) -> Tensor:
    """Give what the integers of float[N, K] stand for, with the gradient of the weights."""
    return straight_through(weight, dequantized(weight, quantizer))


def dequantized(weight: Tensor, quantizer: Quantizer) -> Tensor:
    """Give what the integers of float[N, K] stand for."""
    values, scale = quantizer(weight)
    return values.to(weight.dtype) * scale[:, None]
