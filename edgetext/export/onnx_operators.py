"""Layers that ONNX Runtime has a faster or smaller operator for than torch's exporter would find.

Each is a custom torch operator with the same arithmetic in PyTorch, which is how torch.export
traces it, and a translation to the ONNX operator. `TRANSLATIONS` goes to torch.onnx.export.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from onnxscript import values
from onnxscript.onnx_opset import opset18
from torch import Tensor, nn

from edgetext.compression.int8 import Int8Linear

_MICROSOFT = values.Opset("com.microsoft", 1)
# Weights go in as unsigned integers around this: with signed ones ONNX Runtime adds products in
# pairs in 16 bits where the processor has no VNNI (or it does not look for it), and saturates.
ZERO_POINT = 128


@torch.library.custom_op("edgetext::int8_linear", mutates_args=())
def int8_linear(x: Tensor, weight: Tensor, scale: Tensor, zero: Tensor, bias: Tensor) -> Tensor:
    """x float[..., K], weight uint8[K, N], scale float[N], zero uint8[N], bias float[N]."""
    real = (weight.to(x.dtype) - zero.to(x.dtype)) * scale
    return torch.matmul(x, real) + bias


@int8_linear.register_fake
def _(x: Tensor, weight: Tensor, scale: Tensor, zero: Tensor, bias: Tensor) -> Tensor:
    return x.new_empty([*x.shape[:-1], weight.shape[1]])


def _int8_linear_in_onnx(x: Any, weight: Any, scale: Any, zero: Any, bias: Any) -> Any:
    return _MICROSOFT.DynamicQuantizeMatMul(x, weight, scale, zero, bias)


class OnnxInt8Linear(nn.Module):
    """Int8Linear as one DynamicQuantizeMatMul: the same integers, inputs rounded a tensor at a time.

    weight uint8[K, N], the int8 integers + 128.
    """

    weight: Tensor
    scale: Tensor
    zero: Tensor
    bias: Tensor

    def __init__(self, layer: Int8Linear) -> None:
        super().__init__()
        shifted = (layer.weight.to(torch.int16) + ZERO_POINT).to(torch.uint8)
        width = len(layer.scale)
        self.register_buffer("weight", shifted.t().contiguous())
        self.register_buffer("scale", layer.scale)
        self.register_buffer("zero", torch.full((width,), ZERO_POINT, dtype=torch.uint8))
        self.register_buffer("bias", torch.zeros(width) if layer.bias is None else layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = int8_linear(x, self.weight, self.scale, self.zero, self.bias)
        return result


@torch.library.custom_op("edgetext::lstm", mutates_args=())
def lstm(x: Tensor, weight: Tensor, recurrence: Tensor, bias: Tensor, hidden: int) -> Tensor:
    """One bidirectional layer, x float[T, B, E] -> float[T, 2, B, H], as ONNX defines LSTM.

    weight [2, 4H, E], recurrence [2, 4H, H], bias [2, 8H], gates in the order i, o, f, c.
    """
    raise NotImplementedError("traced for export only")


@lstm.register_fake
def _(x: Tensor, weight: Tensor, recurrence: Tensor, bias: Tensor, hidden: int) -> Tensor:
    return x.new_empty([x.shape[0], 2, x.shape[1], hidden])


def _lstm_in_onnx(x: Any, weight: Any, recurrence: Any, bias: Any, hidden: int) -> Any:
    return opset18.LSTM(x, weight, recurrence, bias, direction="bidirectional", hidden_size=hidden)[
        0
    ]


class OnnxLstm(nn.Module):
    """A bidirectional, batch-first nn.LSTM as ONNX's own operator; called like it."""

    def __init__(self, layer: nn.LSTM) -> None:
        super().__init__()
        self.hidden = layer.hidden_size
        self.count = layer.num_layers
        for index in range(layer.num_layers):
            for name, value in _lstm_parameters(layer, index).items():
                self.register_buffer(f"{name}_{index}", value)

    def forward(self, x: Tensor) -> tuple[Tensor, None]:
        batch, length = x.shape[:2]
        x = x.transpose(0, 1)
        for index in range(self.count):
            parameters = (
                getattr(self, f"{name}_{index}") for name in ("weight", "recurrence", "bias")
            )
            y = lstm(x, *parameters, self.hidden)
            x = y.transpose(1, 2).reshape(length, batch, 2 * self.hidden)
        return x.transpose(0, 1), None


def _lstm_parameters(layer: nn.LSTM, index: int) -> dict[str, Tensor]:
    """One layer's weights in ONNX's gate order; torch has i, f, g, o."""

    def both(name: str) -> Tensor:
        parts = []
        for suffix in ("", "_reverse"):
            i, f, g, o = getattr(layer, f"{name}_l{index}{suffix}").detach().chunk(4)
            parts.append(torch.cat([i, o, f, g]))
        return torch.stack(parts)

    return {
        "weight": both("weight_ih"),
        "recurrence": both("weight_hh"),
        "bias": torch.cat([both("bias_ih"), both("bias_hh")], dim=1),
    }


def for_onnx(name: str, module: nn.Module) -> nn.Module:
    """The module to export in the place of a leaf of the network."""
    if isinstance(module, Int8Linear):
        return OnnxInt8Linear(module)
    if isinstance(module, nn.LSTM):
        return OnnxLstm(module)
    return module


TRANSLATIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    torch.ops.edgetext.int8_linear.default: _int8_linear_in_onnx,
    torch.ops.edgetext.lstm.default: _lstm_in_onnx,
}
