"""int8: weights of 8 bits, a scale a row; inputs rounded to 8 bits as they come."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import torch
from torch import Tensor, nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.activations import round_inputs
from edgetext.models.quantized.layer import QuantizedEmbedding, QuantizedLayer, QuantizedLinear
from edgetext.models.quantized.scheme import FloatLayer, Scheme
from edgetext.models.quantized.weights import (
    Quantizer,
    quantize_by_scale,
    quantize_pairs,
    quantize_rows,
    quantize_together,
)
from edgetext.registry import register

# From so many weights on a Linear's products take longer than all that is around them, and its
# weights suit the kernels that multiply twice as fast; see `quantize_pairs` for what that costs.
LARGE = 1 << 18


class Int8Linear(QuantizedLinear):
    """A Linear with int8 weights.

    weight int8[N, K], scale float32[N], bias float32[N] or None. smoothing: float32[K], by which
    inputs are multiplied before they are rounded, or None; the weights are divided by it.
    """

    scheme = "int8"
    weight: Tensor
    scale: Tensor
    smoothing: Tensor | None

    def __init__(
        self, weight: Tensor, scale: Tensor, bias: Tensor | None, smoothing: Tensor | None = None
    ) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", bias)
        self.register_buffer("smoothing", smoothing)
        # It narrows a large feed-forward layer, and what it reads comes from no norm.
        self.uneven = weight.numel() >= LARGE and weight.shape[1] > weight.shape[0]

    def forward(self, x: Tensor) -> Tensor:
        if self.smoothing is None:
            return super().forward(x)
        rounded = round_inputs(x * self.smoothing, self.rounding)
        return nn.functional.linear(rounded, self._stored(), self.bias)

    def _stored(self) -> Tensor:
        return self.weight.to(torch.float32) * self.scale[:, None]

    def dequantized(self) -> Tensor:
        return self._stored() if self.smoothing is None else self._stored() * self.smoothing


class Smoothed(nn.Module):
    """What a target exports for an Int8Linear: its inputs times `smoothing`, and the layer."""

    smoothing: Tensor

    def __init__(self, layer: nn.Module, smoothing: Tensor) -> None:
        super().__init__()
        self.layer = layer
        self.register_buffer("smoothing", smoothing)

    @classmethod
    def around(cls, layer: nn.Module, smoothing: Tensor | None) -> nn.Module:
        """Give the layer itself where nothing is smoothed."""
        return layer if smoothing is None else cls(layer, smoothing)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(x * self.smoothing)
        return y


class Int8Embedding(QuantizedEmbedding):
    """A table of int8 rows.

    weight int8[V, E]; scale float32[V, 1], or [1, 1] where all rows have one scale.
    """

    scheme = "int8"
    weight: Tensor
    scale: Tensor

    def __init__(self, weight: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)

    @property
    def per_tensor(self) -> bool:
        """Tell whether all rows have one scale."""
        return self.scale.numel() == 1

    def forward(self, ids: Tensor) -> Tensor:
        rows = nn.functional.embedding(ids, self.weight).to(torch.float32)
        if self.per_tensor:
            return rows * self.scale
        return rows * nn.functional.embedding(ids, self.scale)

    def dequantized(self) -> Tensor:
        return self.weight.to(torch.float32) * self.scale


@register("scheme", "int8")
class Int8(Scheme):
    """Int8Linear and Int8Embedding.

    signed_kernels: whether a linear layer's weights must suit kernels for signed weights even where
    it is not LARGE; see `quantize_pairs`. table_scale: the one scale of an embedding's rows; by
    default each has its own, but for rows that are added up. smoothing: of a linear layer, see
    Int8Linear.
    """

    def __init__(
        self,
        signed_kernels: bool = False,
        table_scale: float | None = None,
        smoothing: Tensor | None = None,
    ) -> None:
        self.signed_kernels = signed_kernels
        self.table_scale = table_scale
        self.smoothing = smoothing

    def quantizer(self, layer: FloatLayer) -> Quantizer:
        if not isinstance(layer, TokenEmbedding):
            signed = self.signed_kernels or layer.weight.numel() >= LARGE
            return quantize_pairs if signed else quantize_rows
        if self.table_scale is None:
            return quantize_together if layer.added else quantize_rows
        return partial(quantize_by_scale, scale=self.table_scale)

    def of(self, layer: FloatLayer) -> QuantizedLayer:
        divided = layer.weight if self.smoothing is None else layer.weight / self.smoothing
        values, scale = self.quantizer(layer)(divided)
        if not isinstance(layer, TokenEmbedding):
            return Int8Linear(values, scale, bias_of(layer), self.smoothing)
        if self.table_scale is not None or layer.added:
            scale = scale[:1].clone()
        return Int8Embedding(values, scale[:, None])

    @classmethod
    def stored(cls, tensors: Mapping[str, Tensor], name: str, layer: nn.Module) -> QuantizedLayer:
        weight, scale = tensors[f"{name}.weight"], tensors[f"{name}.scale"]
        if isinstance(layer, TokenEmbedding):
            return Int8Embedding(weight, scale)
        bias, smoothing = (tensors.get(f"{name}.{part}") for part in ("bias", "smoothing"))
        return Int8Linear(weight, scale, bias, smoothing)

    @classmethod
    def recognizes(cls, tensors: Mapping[str, Tensor], name: str) -> bool:
        return has_int8_weight(tensors, name) and f"{name}.output_scale" not in tensors


def has_int8_weight(tensors: Mapping[str, Tensor], name: str) -> bool:
    """Tell whether a checkpoint's layer of this name has a weight of 8 bits."""
    weight = tensors.get(f"{name}.weight")
    return weight is not None and weight.dtype == torch.int8


def bias_of(layer: nn.Linear) -> Tensor | None:
    """Copy a layer's bias, where it has one."""
    bias: Tensor | None = layer.bias
    return None if bias is None else bias.detach().clone()
