"""Quantized layers in the form that engines of every maker know: integers between a QuantizeLinear
and a DequantizeLinear (QDQ).

They stand in for a network's layers while it is exported and cannot run in PyTorch. An engine may
multiply the integers or the numbers that they stand for: the answer is the same but for rounding.
Where a layer looks for the range of its inputs as it runs, its weights alone are stored integers,
and its inputs are rounded row by row, as the checkpoint does it, by plain operators: what is
standard for that, DynamicQuantizeLinear, has one range for a whole tensor.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.models import Network
from edgetext.models.layers.convolution import Convolution
from edgetext.models.layers.masking import window
from edgetext.models.layers.recurrent import TextLstm
from edgetext.models.layers.segments import Mask
from edgetext.models.quantized.activations import round_activations
from edgetext.models.quantized.exported_layers import Place, lower_layers, lowers
from edgetext.models.quantized.int4 import Int4Linear
from edgetext.models.quantized.int8 import Int8Embedding, Int8Linear, Smoothed
from edgetext.models.quantized.static import StaticConvolution
from edgetext.targets.onnx.layers import lstm
from edgetext.targets.onnx.rounding import to_floats, to_integers

TARGET = "portable"


def rounded(x: Tensor, scale: Tensor, zero: Tensor) -> Tensor:
    """Give the numbers that float32[...] are as integers of a step `scale` around `zero`."""
    return to_floats(to_integers(x, scale, zero), scale, zero)


class PortableLinear(nn.Module):
    """A linear layer whose weights are integers, weight int8[K, N] with a scale a column."""

    weight: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(self, weight: Tensor, scale: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.register_buffer("weight", weight.t().contiguous())
        self.register_buffer("scale", scale)
        self.register_buffer("bias", bias)

    def forward(self, x: Tensor) -> Tensor:
        product = torch.matmul(round_activations(x), to_floats(self.weight, self.scale))
        return product if self.bias is None else product + self.bias


class PortableConvolution(Convolution):
    """StaticConvolution as a product of windows, its inputs and outputs rounded to their scales.

    weight int8[width * D, N], scale float32[N].
    """

    weight: Tensor
    scale: Tensor
    bias: Tensor
    input_scale: Tensor
    input_zero: Tensor
    output_scale: Tensor
    output_zero: Tensor

    def __init__(self, layer: StaticConvolution) -> None:
        super().__init__()
        self.register_buffer("weight", layer.weight.flatten(1).t().contiguous())
        self.register_buffer("scale", layer.scale)
        self.register_buffer("bias", layer.bias)
        self.register_buffer("input_scale", layer.input_scale.reshape(()))
        self.register_buffer("input_zero", layer.input_zero.reshape(()))
        self.register_buffer("output_scale", layer.output_scale.reshape(()))
        self.register_buffer("output_zero", torch.zeros((), dtype=torch.uint8))

    def convolve(self, x: Tensor, width: int, mask: Mask, causal: bool) -> Tensor:
        x = rounded(x, self.input_scale, self.input_zero)
        product = torch.matmul(window(x, width, mask, causal), to_floats(self.weight, self.scale))
        # Integers from 0 up are what a ReLU leaves.
        return rounded(product + self.bias, self.output_scale, self.output_zero)


class PortableTable(nn.Module):
    """An embedding that is the output matrix too, weight int8[V, E] with a scale a row."""

    weight: Tensor
    scale: Tensor

    def __init__(self, table: Int8Embedding) -> None:
        super().__init__()
        self.register_buffer("weight", table.weight)
        self.register_buffer("scale", table.scale.reshape(-1))

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.weight).to(torch.float32)
        return rows * self.scale.index_select(0, ids.reshape(-1)).reshape(*ids.shape, 1)

    def scores(self, x: Tensor, bias: Tensor) -> Tensor:
        table = to_floats(self.weight, self.scale, axis=0)
        return torch.matmul(round_activations(x), table.transpose(0, 1)) + bias


@lowers(TARGET, Int8Linear)
def int8_linear(layer: Int8Linear, place: Place) -> nn.Module:
    """Multiply by the numbers that the weights stand for."""
    return Smoothed.around(PortableLinear(layer.weight, layer.scale, layer.bias), layer.smoothing)


@lowers(TARGET, Int4Linear)
def int4_linear(layer: Int4Linear, place: Place) -> nn.Module:
    """Do the same, a byte a weight: integers of 4 bits are in no operator set before 21."""
    return PortableLinear(layer.values(), layer.scale, layer.bias)


@lowers(TARGET, StaticConvolution)
def static_convolution(layer: StaticConvolution, place: Place) -> nn.Module:
    """Round before and after."""
    return PortableConvolution(layer)


@lowers(TARGET, Int8Embedding)
def int8_embedding(layer: Int8Embedding, place: Place) -> nn.Module:
    """Share a table with the output matrix."""
    return PortableTable(layer) if place.shared else layer


# An LSTM is an operator of ai.onnx.
lowers(TARGET, TextLstm)(lstm)


def prepare_for_portable(network: Network) -> None:
    """Put the layers above in the places of the network's own, in place."""
    lower_layers(network, TARGET)
