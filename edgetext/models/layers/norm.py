"""Batch normalization that leaves no trace: it is folded into its Linear when training ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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

    `folded` is the one Linear that answers as this does in evaluation mode, and a state that has
    that Linear is loaded so that this answers as it does then; see `recentre`.
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
        # `torch.var_mean` takes three times as long over the rows of so narrow a matrix.
        mean = rows.mean(0)
        variance = (rows - mean).square().mean(0)
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

    def _load_from_state_dict(
        self, state_dict: dict[str, Any], prefix: str, *arguments: Any
    ) -> None:
        weight = state_dict.pop(f"{prefix}weight", None)
        if weight is not None:
            state_dict[f"{prefix}linear.weight"] = weight
            state_dict[f"{prefix}gain"] = torch.ones_like(self.gain)
            state_dict[f"{prefix}mean"] = torch.zeros_like(self.mean)
            # So that the factor is 1.
            state_dict[f"{prefix}variance"] = torch.full_like(self.variance, 1 - EPSILON)
        super()._load_from_state_dict(state_dict, prefix, *arguments)


@torch.no_grad()
def recentre(network: nn.Module, run: Callable[[], None]) -> None:
    """Give the normalizations of a network the mean and variance of what they see, in place.

    It answers as before in evaluation mode, and nearly so in training, where a layer whose
    normalization was folded away would else see its inputs moved and stretched.

    run: runs the network, in evaluation mode, on some of what it is trained on.
    """
    seen: dict[NormedLinear, list[Tensor]] = {}

    def keep(layer: nn.Module, given: tuple[Any, ...]) -> None:
        assert isinstance(layer, NormedLinear)
        x, mask = given
        y, kept = layer.linear(x), inside(mask)
        seen.setdefault(layer, []).append(y.flatten(0, 1) if kept is None else y[kept])

    layers = [module for module in network.modules() if isinstance(module, NormedLinear)]
    hooks = [layer.register_forward_pre_hook(keep) for layer in layers]
    run()
    for hook in hooks:
        hook.remove()
    for layer, parts in seen.items():
        variance, mean = torch.var_mean(torch.cat(parts), dim=0, correction=0)
        factor = layer._factor()
        layer.bias.add_((mean - layer.mean) * factor)
        layer.gain.copy_(factor * torch.sqrt(variance + EPSILON))
        layer.mean.copy_(mean)
        layer.variance.copy_(variance)
