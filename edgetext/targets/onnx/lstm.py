"""An LSTM as ONNX's own operator."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.onnx.ops import symbolic

from edgetext.models.layers.recurrent import TextLstm


class OnnxLstm(nn.Module):
    """A TextLstm as ONNX's own operator; called like it, without a mask."""

    def __init__(self, layer: TextLstm) -> None:
        super().__init__()
        self.hidden = layer.hidden_size
        self.layers = layer.num_layers
        self.directions = 2 if layer.bidirectional else 1
        for index in range(layer.num_layers):
            for name, value in _lstm_parameters(layer, index).items():
                self.register_buffer(f"{name}_{index}", value)

    def forward(self, x: Tensor, mask: None = None) -> Tensor:
        batch, length = x.shape[:2]
        x = x.transpose(0, 1)
        for index in range(self.layers):
            parameters = (
                getattr(self, f"{name}_{index}") for name in ("weight", "recurrence", "bias")
            )
            y = symbolic(
                "LSTM",
                (x, *parameters),
                {
                    "direction": "bidirectional" if self.directions == 2 else "forward",
                    "hidden_size": self.hidden,
                },
                dtype=x.dtype,
                shape=[length, self.directions, batch, self.hidden],
            )
            x = y.transpose(1, 2).reshape(length, batch, self.directions * self.hidden)
        return x.transpose(0, 1)


def _lstm_parameters(layer: TextLstm, index: int) -> dict[str, Tensor]:
    """One layer's weights [directions, 4H, ...], gates in ONNX's order i, o, f, c; torch has
    i, f, g, o."""

    def each(name: str) -> Tensor:
        parts = []
        for suffix in ("", "_reverse")[: 2 if layer.bidirectional else 1]:
            i, f, g, o = getattr(layer, f"{name}_l{index}{suffix}").detach().chunk(4)
            parts.append(torch.cat([i, o, f, g]))
        return torch.stack(parts)

    return {
        "weight": each("weight_ih"),
        "recurrence": each("weight_hh"),
        "bias": torch.cat([each("bias_ih"), each("bias_hh")], dim=1),
    }
