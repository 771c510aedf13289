"""Batch normalization that leaves no trace: it is folded into its Linear when training ends."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from edgetext.models.layers.convolution import Convolution
from edgetext.models.layers.masking import window
from edgetext.models.layers.segments import Mask, inside

EPSILON = 1e-5
# How fast the running statistics follow a batch's.
MOMENTUM = 0.02


class NormedLinear(Convolution):
    """A Linear and batch normalization over the real pieces (Ioffe & Szegedy 2015, §3):
    float[B, T, K] -> float[B, T, N].

    `folded` is the one Linear that answers as this does in evaluation mode.
    """

    mean: Tensor
    variance: Tensor

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, outputs, bias=False)
        nn.init.kaiming_normal_(self.linear.weight, nonlinearity="relu")
        self.gain = nn.Parameter(torch.ones(outputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.register_buffer("mean", torch.zeros(outputs))
        self.register_buffer("variance", torch.ones(outputs))

    def forward(self, x: Tensor, mask: Mask) -> Tensor:
        # In mixed precision the product is bfloat16, too coarse for a mean of thousands of rows.
        y = self.linear(x).to(self.mean.dtype)
        if not self.training:
            return (y - self.mean) * self._factor() + self.bias
        kept = inside(mask)
        rows = y.flatten(0, 1) if kept is None else y[kept]
        variance, mean = torch.var_mean(rows, dim=0, correction=0)
        with torch.no_grad():
            self.mean.lerp_(mean, MOMENTUM)
            self.variance.lerp_(variance, MOMENTUM)
        return (y - mean) * (self.gain * torch.rsqrt(variance + EPSILON)) + self.bias

    def convolve(self, x: Tensor, width: int, mask: Mask, causal: bool) -> Tensor:
        return torch.relu(self(window(x, width, mask, causal), mask))

    @torch.no_grad()
    def folded(self) -> nn.Linear:
        factor = self._factor()
        linear = nn.Linear(self.linear.in_features, self.linear.out_features)
        linear.weight.copy_(self.linear.weight * factor[:, None])
        linear.bias.copy_(self.bias - self.mean * factor)
        return linear

    def _factor(self) -> Tensor:
        return self.gain * torch.rsqrt(self.variance + EPSILON)
