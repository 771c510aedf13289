"""The layers of published heads between the encoder and the last Linear."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.configs.pretrained import PoolingName, TransformConfig
from edgetext.models.layers.dropout import Dropout
from edgetext.models.layers.masking import hide_padding, zero_padding
from edgetext.models.pretrained.activations import ACTIVATIONS


class Transform(nn.Module):
    """float[..., D] -> float[..., D]: a Linear, its activation and a layer norm, each where the
    config has it."""

    def __init__(self, config: TransformConfig, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(width, width, bias=config.dense_bias) if config.dense else None
        self.activation = ACTIVATIONS[config.dense_activation]
        self.norm = None
        if config.dense and config.dense_norm:
            self.norm = nn.LayerNorm(width, eps=config.epsilon, bias=config.norm_bias)
        self.dropout = Dropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        if self.dense is not None:
            x = self.activation(self.dense(x))
        if self.norm is not None:
            x = self.norm(x)
        return self.dropout(x)


def pooled(name: PoolingName, x: Tensor, mask: Tensor | None) -> Tensor:
    """Pool float[B, T, D] to float[B, D], over the special pieces too.

    first: the first piece's vector. root: the sum, divided by the root of how many there are.
    """
    if name == "first":
        return x[:, 0]
    if name == "maximum":
        return hide_padding(x, mask).amax(dim=1)
    if mask is None:
        count = torch.full((1, 1), x.shape[1], dtype=x.dtype, device=x.device)
        return x.mean(dim=1) * (1 if name == "mean" else torch.sqrt(count))
    count = mask.sum(dim=1, keepdim=True).to(x.dtype)
    return zero_padding(x, mask).sum(dim=1) / (count if name == "mean" else torch.sqrt(count))
