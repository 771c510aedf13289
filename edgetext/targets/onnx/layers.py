"""Quantized layers as operators of ONNX Runtime that torch's exporter would not find.

They stand in for a network's layers while it is exported and cannot run in PyTorch.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.onnx.ops import symbolic

from edgetext.models import Network
from edgetext.models.layers.convolution import Convolution
from edgetext.models.layers.recurrent import TextLstm
from edgetext.models.layers.segments import Mask
from edgetext.models.quantized.activations import BLOCK
from edgetext.models.quantized.exported_layers import Place, lower_layers, lowers
from edgetext.models.quantized.int4 import NIBBLE, OFFSET, Int4Linear
from edgetext.models.quantized.int8 import LARGE, Int8Embedding, Int8Linear, Smoothed
from edgetext.models.quantized.static import StaticConvolution
from edgetext.models.quantized.weights import pairs_fit
from edgetext.targets.onnx.lstm import OnnxLstm
from edgetext.targets.onnx.passes.order_tags import BELOW
from edgetext.targets.onnx.rounding import to_floats, to_integers
from edgetext.targets.onnx.scaled_rows import OnnxScaledRows

TARGET = "onnxruntime"
# Weights go in as unsigned integers around this where signed ones could saturate: ONNX Runtime adds
# products in pairs in 16 bits where it does not use the processor's VNNI. The error is silent and
# ten times that of the rounding.
ZERO_POINT = 128
# On a processor with AMX, DynamicQuantizeMatMul of ONNX Runtime 1.24 answers 32 rows or more
# wrongly in a last tile of 17 to 31 columns. Threads share the columns in tiles of so many, so that
# with some number of them any other count above it may end in such a tile.
TILE = 16
# QLinearConv answers wrongly there in the same way, but where the channels are a multiple of this.
CHANNELS = 8
# Of MatMulNBits, for layers whose products take long: a fifth faster than in blocks of 64.
WIDE_BLOCK = 256
# Of MatMulNBits: inputs are rounded, and integers multiplied.
INT8_ARITHMETIC = 4


class OnnxInt8Linear(nn.Module):
    """Int8Linear as one DynamicQuantizeMatMul: the same integers, inputs rounded tensor by tensor.

    weight int8[K, N] where no pair of them saturates, which is faster; else uint8[K, N], the int8
    integers + 128. Columns of zeros are added, and left out of the answer, where a release needs
    them to answer rightly (see TILE); a softmax over them as well gives them nothing.
    """

    weight: Tensor
    scale: Tensor
    zero: Tensor
    bias: Tensor | None

    def __init__(self, layer: Int8Linear, *, biased: bool = True) -> None:
        super().__init__()
        weight, zero = fitting_weight(layer)
        self.columns = len(layer.scale)
        added = -self.columns % TILE if self.columns > TILE else 0
        pad = nn.functional.pad
        self.register_buffer("weight", pad(weight, (0, added), value=int(zero)))
        self.register_buffer("scale", pad(layer.scale, (0, added), value=1.0))
        self.register_buffer("zero", zero)
        bias = layer.bias if biased else None
        if bias is not None:
            bias = pad(bias, (0, added), value=float(bias.min()) - BELOW)
        self.register_buffer("bias", bias)

    def forward(self, x: Tensor) -> Tensor:
        product: Tensor = symbolic(
            "com.microsoft::DynamicQuantizeMatMul",
            (x, self.weight, self.scale, self.zero, self.bias),
            dtype=x.dtype,
            shape=[*x.shape[:-1], self.weight.shape[1]],
            version=1,
        )
        return _columns(product, self.columns)


def _columns(x: Tensor, count: int) -> Tensor:
    """Give the first columns alone; a slice of everything would be an operator more."""
    return x if x.shape[-1] == count else x[..., :count]


def fitting_weight(layer: Int8Linear) -> tuple[Tensor, Tensor]:
    """Give the weights [K, N], int8, or uint8 where a pair of them could saturate, and their zero
    of the same kind, [1]."""
    values, zero = layer.weight.to(torch.int16), 0
    if not pairs_fit(layer.weight):
        values, zero = values + ZERO_POINT, ZERO_POINT
    kind = torch.uint8 if zero else torch.int8
    return values.to(kind).t().contiguous(), torch.full((1,), zero, dtype=kind)


class _InBlocks(nn.Module):
    """One MatMulNBits: weights of `bits` bits with a scale for each block of a row, inputs rounded
    in blocks of each row.

    values int16[N, K], from 0 up, `zero` standing for 0; scale float32[N], a row's. Buffers:
    weight uint8[N, blocks, block * bits / 8], scale float32[N * blocks], a row's repeated.
    """

    bits: int
    weight: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(
        self, values: Tensor, zero: int, scale: Tensor, bias: Tensor | None, block: int = BLOCK
    ) -> None:
        super().__init__()
        self.outputs, self.inputs = values.shape
        self.block = block
        padded = nn.functional.pad(values, (0, -self.inputs % block), value=zero)
        blocks = self.packed(padded.reshape(self.outputs, -1, block))
        self.register_buffer("weight", blocks)
        self.register_buffer("scale", scale.repeat_interleave(blocks.shape[1]))
        self.register_buffer("bias", bias)

    def packed(self, blocks: Tensor) -> Tensor:
        """int16[N, blocks, block] -> uint8[N, blocks, block * bits / 8]."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        return symbolic(
            "com.microsoft::MatMulNBits",
            (x, self.weight, self.scale, None, None, self.bias),
            {
                "K": self.inputs,
                "N": self.outputs,
                "bits": self.bits,
                "block_size": self.block,
                "accuracy_level": INT8_ARITHMETIC,
            },
            dtype=x.dtype,
            shape=[*x.shape[:-1], self.outputs],
            version=1,
        )


class OnnxRowsLinear(_InBlocks):
    """Int8Linear as one MatMulNBits: the same integers, inputs rounded in blocks of each row.

    For the layer that reads embeddings: their rows differ in size from piece to piece, and one
    range for all of them is coarse where most of the answers that rounding changes come from. The
    same is true of what narrows a large feed-forward layer, since no norm stands before it (see
    scaled_rows). Of the other layers' inputs one range is as good, and DynamicQuantizeMatMul
    faster; but see TILE.
    """

    bits = 8

    def __init__(self, layer: Int8Linear, block: int = BLOCK) -> None:
        values = layer.weight.to(torch.int16) + ZERO_POINT
        super().__init__(values, ZERO_POINT, layer.scale, layer.bias, block)

    def packed(self, blocks: Tensor) -> Tensor:
        return blocks.to(torch.uint8)


class OnnxInt4Linear(_InBlocks):
    """Int4Linear as one MatMulNBits, the first of a pair of integers in the low nibble."""

    bits = 4

    def __init__(self, layer: Int4Linear) -> None:
        super().__init__(layer.values().to(torch.int16) + OFFSET, OFFSET, layer.scale, layer.bias)

    def packed(self, blocks: Tensor) -> Tensor:
        return (blocks[..., ::2] + NIBBLE * blocks[..., 1::2]).to(torch.uint8)


class OnnxStaticConvolution(Convolution):
    """StaticConvolution as one QLinearConv between a quantizer and its opposite.

    weight int8[N, D, width], the checkpoint's integers: signed ones, which are faster here than
    those around 128, do not saturate (see models.quantized.weights.quantize_pairs). Channels of
    zeros are added, and left out of the answer, where a release needs them to answer rightly (see
    CHANNELS).
    """

    weight: Tensor
    scale: Tensor
    weight_zero: Tensor
    bias: Tensor
    input_scale: Tensor
    input_zero: Tensor
    output_scale: Tensor
    output_zero: Tensor

    def __init__(self, layer: StaticConvolution) -> None:
        super().__init__()
        self.channels = len(layer.scale)
        added = -self.channels % CHANNELS if self.channels > TILE else 0
        pad = nn.functional.pad
        taps = layer.weight.transpose(1, 2).contiguous()
        self.register_buffer("weight", pad(taps, (0, 0, 0, 0, 0, added)))
        self.register_buffer("scale", pad(layer.scale, (0, added), value=1.0))
        self.register_buffer("weight_zero", torch.zeros(len(self.scale), dtype=torch.int8))
        bias = layer.bias.double() / (layer.scale.double() * layer.input_scale.double())
        self.register_buffer("bias", pad(torch.round(bias).to(torch.int32), (0, added)))
        self.register_buffer("input_scale", layer.input_scale.reshape(()))
        self.register_buffer("input_zero", layer.input_zero.reshape(()))
        self.register_buffer("output_scale", layer.output_scale.reshape(()))
        self.register_buffer("output_zero", torch.zeros((), dtype=torch.uint8))

    def convolve(self, x: Tensor, width: int, mask: Mask, causal: bool) -> Tensor:
        taken = to_integers(x, self.input_scale, self.input_zero)
        return self.floats(self.convolved(taken, width))

    def convolved(self, taken: Tensor, width: int) -> Tensor:
        """Convolve integers: uint8[1, T, D] -> uint8[1, T, N], the added channels among N."""
        convolved: Tensor = symbolic(
            "com.microsoft::QLinearConv",
            (
                taken,
                self.input_scale,
                self.input_zero,
                self.weight,
                self.scale,
                self.weight_zero,
                self.output_scale,
                self.output_zero,
                self.bias,
            ),
            {"channels_last": 1, "kernel_shape": [width], "pads": [width // 2, width // 2]},
            dtype=torch.uint8,
            shape=[*taken.shape[:-1], self.weight.shape[0]],
            version=1,
        )
        return convolved

    def floats(self, convolved: Tensor) -> Tensor:
        """Give what the integers stand for, without the added channels."""
        return _columns(to_floats(convolved, self.output_scale, self.output_zero), self.channels)


class OnnxPerTensorTable(nn.Module):
    """Int8Embedding of one scale: rows of unsigned integers, and what they stand for.

    weight uint8[V, E], the int8 integers + 128.
    """

    weight: Tensor
    scale: Tensor
    zero: Tensor

    def __init__(self, table: Int8Embedding) -> None:
        super().__init__()
        self.register_buffer("weight", _unsigned(table.weight))
        self.register_buffer("scale", table.scale.reshape(()))
        self.register_buffer("zero", torch.full((), ZERO_POINT, dtype=torch.uint8))

    def forward(self, ids: Tensor) -> Tensor:
        return to_floats(nn.functional.embedding(ids, self.weight), self.scale, self.zero)


def _unsigned(weight: Tensor) -> Tensor:
    """Shift int8 integers to uint8 ones, whose zero is ZERO_POINT."""
    return (weight.to(torch.int16) + ZERO_POINT).to(torch.uint8)


class OnnxTiedInt8(nn.Module):
    """Int8Embedding whose table is the output matrix too, stored once.

    weight uint8[E, V], the int8 integers + 128 as DynamicQuantizeMatMul takes them; a piece's row
    is a column of it.
    """

    weight: Tensor
    scale: Tensor
    zero: Tensor

    def __init__(self, table: Int8Embedding) -> None:
        super().__init__()
        self.register_buffer("weight", _unsigned(table.weight).t().contiguous())
        self.register_buffer("scale", table.scale.reshape(-1))
        self.register_buffer("zero", torch.full((1,), ZERO_POINT, dtype=torch.uint8))

    def forward(self, ids: Tensor) -> Tensor:
        index = ids.reshape(-1)
        columns = self.weight.index_select(1, index).to(torch.float32) - ZERO_POINT
        return (columns * self.scale.index_select(0, index)).t().unsqueeze(0)

    def scores(self, x: Tensor, bias: Tensor) -> Tensor:
        return symbolic(
            "com.microsoft::DynamicQuantizeMatMul",
            (x, self.weight, self.scale, self.zero, bias),
            dtype=x.dtype,
            shape=[*x.shape[:-1], self.weight.shape[1]],
            version=1,
        )


@lowers(TARGET, Int8Linear)
def int8_linear(layer: Int8Linear, place: Place) -> nn.Module:
    """Round the embedding's rows in blocks, and what no norm has brought to one size row by row;
    all other inputs by one range."""
    columns, large = len(layer.weight), layer.weight.numel() >= LARGE
    # Before a large encoder's first layer stands a norm.
    uneven = layer.uneven or (place.first and not large)
    exported: nn.Module
    if layer.uneven and columns % TILE == 0:
        exported = OnnxScaledRows(OnnxInt8Linear(layer, biased=False), layer.bias)
    elif uneven:
        exported = OnnxRowsLinear(layer, WIDE_BLOCK if large else BLOCK)
    else:
        exported = OnnxInt8Linear(layer)
    return Smoothed.around(exported, layer.smoothing)


@lowers(TARGET, Int4Linear)
def int4_linear(layer: Int4Linear, place: Place) -> nn.Module:
    """Multiply by 4-bit weights in blocks."""
    return OnnxInt4Linear(layer)


@lowers(TARGET, StaticConvolution)
def static_convolution(layer: StaticConvolution, place: Place) -> nn.Module:
    """Convolve integers."""
    return OnnxStaticConvolution(layer)


@lowers(TARGET, Int8Embedding)
def int8_embedding(layer: Int8Embedding, place: Place) -> nn.Module:
    """Share a table with the output matrix; gather rows of one scale as integers."""
    if place.shared:
        return OnnxTiedInt8(layer)
    return OnnxPerTensorTable(layer) if layer.per_tensor else layer


@lowers(TARGET, TextLstm)
def lstm(layer: TextLstm, place: Place) -> nn.Module:
    """Run a whole LSTM as one operator."""
    return OnnxLstm(layer)


def prepare_for_onnx(network: Network) -> None:
    """Put the layers above in the places of the network's own, in place."""
    lower_layers(network, TARGET)
