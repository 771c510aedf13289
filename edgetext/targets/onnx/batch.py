"""A model as an `.onnx` file that answers several texts in one run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
import torch
from torch import Tensor, nn
from torch.onnx.ops import symbolic

from edgetext.model.model import Model
from edgetext.models.layers.segments import Mask, Segments
from edgetext.models.network import HashedNetwork
from edgetext.models.quantized.activations import BLOCK_MAX
from edgetext.models.quantized.exported_layers import Place, lower_layers, lowers
from edgetext.models.quantized.int4 import Int4Linear
from edgetext.models.quantized.int8 import Int8Embedding, Int8Linear, Smoothed
from edgetext.models.quantized.static import StaticConvolution
from edgetext.models.quantized.weights import SMALLEST_SCALE
from edgetext.targets.onnx import layers
from edgetext.targets.onnx.passes import rewrite
from edgetext.targets.onnx.promise import check_promise
from edgetext.targets.onnx.reading import prepare_reading
from edgetext.targets.onnx.write import SAMPLES, export_graph

# Under this name stand the layers of such files: of a layer's inputs no range is that of all texts.
TARGET = "onnxruntime-batch"
# An attribute of what a static convolution gives: the integers, their scale and their zero.
INTEGERS = "edgetext_integers"
Integers = tuple[Tensor, Tensor, Tensor]
# Lengths have an end for the exporter, which cannot write twice the largest integer.
MOST = 1 << 30


class BatchConvolution(layers.OnnxStaticConvolution):
    """OnnxStaticConvolution over texts end to end: between two are as many places of zeros as its
    windows reach over."""

    def convolve(self, x: Tensor, width: int, mask: Mask, causal: bool) -> Tensor:
        assert isinstance(mask, Segments)
        taken = layers.to_integers(x, self.input_scale, self.input_zero)
        if width > 1:
            taken = self._emptied(taken, mask.between)
        convolved = self.convolved(taken, width)
        floats = self.floats(convolved)
        if floats.shape == convolved.shape:
            # A linear layer reads the integers themselves.
            setattr(floats, INTEGERS, (convolved, self.output_scale, self.output_zero))
        return floats

    def _emptied(self, x: Tensor, places: Tensor) -> Tensor:
        """Put zeros at some places. It costs a third of what a mask does."""
        zeros = self.input_zero.expand(places.shape[0], x.shape[2])
        rows = (x.squeeze(0), places.unsqueeze(1), zeros)
        emptied: Tensor = symbolic("ScatterND", rows, dtype=x.dtype, shape=x.shape[1:])
        return emptied.unsqueeze(0)


class BatchLinear(nn.Module):
    """Int8Linear as one MatMulIntegerToFloat: the same integers, inputs rounded row by row, to as
    many values on either side of zero; not at all where they are a static convolution's integers.

    Weights are as in OnnxInt8Linear; where a release needs them to answer rightly (see layers.TILE)
    columns of zeros are added, and left out of the answer.
    """

    weight: Tensor
    scale: Tensor
    weight_zero: Tensor
    bias: Tensor | None
    wide_bias: Tensor | None
    one: Tensor
    zero: Tensor

    def __init__(self, layer: Int8Linear) -> None:
        super().__init__()
        weight, zero = layers.fitting_weight(layer)
        self.columns = weight.shape[1]
        added = -self.columns % layers.TILE if self.columns > layers.TILE else 0
        self.register_buffer("weight", nn.functional.pad(weight, (0, added), value=int(zero)))
        self.register_buffer("scale", nn.functional.pad(layer.scale, (0, added), value=1.0))
        self.register_buffer("weight_zero", zero)
        self.register_buffer("bias", layer.bias)
        padded = None if layer.bias is None else nn.functional.pad(layer.bias, (0, added))
        self.register_buffer("wide_bias", padded)
        self.register_buffer("one", torch.ones(()))
        self.register_buffer("zero", torch.full((), layers.ZERO_POINT, dtype=torch.uint8))

    def forward(self, x: Tensor) -> Tensor:
        known: Integers | None = getattr(x, INTEGERS, None)
        if known is not None:
            integers, scale, zero = known
            return self._multiplied(integers, scale, zero, self.wide_bias)
        rows = x.reshape(-1, x.shape[-1])
        step = (rows.abs().amax(1) / BLOCK_MAX).clamp(min=SMALLEST_SCALE)
        taken = symbolic(
            "QuantizeLinear",
            (rows, step, self.zero.expand(step.shape[0])),
            {"axis": 0},
            dtype=torch.uint8,
            shape=rows.shape,
        )
        product = self._multiplied(taken, self.one, self.zero) * step.unsqueeze(1)
        if self.bias is not None:
            product = product + self.bias
        return product.reshape(*x.shape[:-1], self.columns)

    def _multiplied(
        self, taken: Tensor, scale: Tensor, zero: Tensor, bias: Tensor | None = None
    ) -> Tensor:
        product: Tensor = symbolic(
            "com.microsoft::MatMulIntegerToFloat",
            (taken, self.weight, scale, self.scale, zero, self.weight_zero, bias),
            dtype=torch.float32,
            shape=[*taken.shape[:-1], self.weight.shape[1]],
            version=1,
        )
        return product if product.shape[-1] == self.columns else product[..., : self.columns]


@lowers(TARGET, Int8Linear)
def int8_linear(layer: Int8Linear, place: Place) -> nn.Module:
    """Round inputs row by row."""
    return Smoothed.around(BatchLinear(layer), layer.smoothing)


@lowers(TARGET, StaticConvolution)
def static_convolution(layer: StaticConvolution, place: Place) -> nn.Module:
    """Convolve integers of all texts."""
    return BatchConvolution(layer)


lowers(TARGET, Int4Linear)(layers.int4_linear)
lowers(TARGET, Int8Embedding)(layers.int8_embedding)


@lowers(TARGET, nn.Dropout)
def dropout(layer: nn.Dropout, place: Place) -> nn.Module:
    """Give inputs as they are, so that what they hold is still known of them."""
    return nn.Identity()


def to_onnx_batch(model: Model, texts: Mapping[str, str]) -> bytes:
    """Write the file's bytes: text uint8[n] and offsets int64[B + 1] -> the task's outputs.

    `texts` go into its metadata_props. EdgetextError where the graph may not run in every release
    of ONNX Runtime that files are promised for.
    """
    network = model.copied_network()
    table = network.embedding
    lower_layers(network, TARGET)
    if isinstance(network, HashedNetwork):
        # Its rows are added up as the integers that they are.
        network.embedding = table
    pipeline = model.batch_pipeline(network)
    prepare_reading(pipeline)
    text = np.frombuffer(b"".join(SAMPLES), np.uint8).copy()
    offsets = np.cumsum([0, *map(len, SAMPLES)])
    inputs = {
        "text": (torch.from_numpy(text), {0: torch.export.Dim("n", min=1, max=MOST)}),
        "offsets": (torch.from_numpy(offsets), {0: torch.export.Dim("texts", min=2, max=MOST)}),
    }
    graph = export_graph(pipeline, inputs, model.outputs)
    rewrite(graph)
    check_promise(graph, f"model {model.header.name}")
    onnx.helper.set_model_props(graph, dict(texts))
    return bytes(graph.SerializeToString(deterministic=True))
