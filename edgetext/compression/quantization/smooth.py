"""Channels of one size for the large layers of a network, whose inputs have few that are far larger
than the others: one range for all leaves those hardly a value (SmoothQuant, Xiao et al. 2023)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from edgetext.models import Network
from edgetext.models.quantized.int8 import LARGE
from edgetext.training.dataset import Batch

# What a channel of zeros counts as.
SMALLEST = 1e-5


def smoothing(network: Network, batches: Iterable[Batch]) -> dict[str, Tensor]:
    """Give by what to multiply each input of the LARGE linear layers, float32[K] by a layer's name,
    so that a channel's largest input and its largest weight come to be alike.

    batches: texts on which inputs are observed; the network stays as it is, in evaluation mode.
    """
    layers = {
        name: module
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear) and module.weight.numel() >= LARGE
    }
    factors = {}
    for name, largest in _largest_inputs(network, layers, batches).items():
        weights = layers[name].weight.detach().abs().amax(dim=0)
        factor = (weights.clamp(min=SMALLEST) / largest.clamp(min=SMALLEST)).sqrt()
        factors[name] = factor / factor.median()
    return factors


@torch.no_grad()
def _largest_inputs(
    network: Network, layers: dict[str, nn.Linear], batches: Iterable[Batch]
) -> dict[str, Tensor]:
    """The largest magnitude of each channel at real pieces, float32[K], of the layers that are
    called."""
    largest: dict[str, Tensor] = {}
    mask: Tensor | None = None

    def observe(name: str, x: Tensor) -> None:
        real = x[mask] if mask is not None and x.shape[:-1] == mask.shape else x
        channels = real.abs().flatten(0, -2).amax(dim=0)
        largest[name] = torch.maximum(largest.get(name, channels), channels)

    def hook(name: str) -> Any:
        return lambda module, inputs: observe(name, inputs[0])

    network.eval()
    hooks = [layer.register_forward_pre_hook(hook(name)) for name, layer in layers.items()]
    try:
        if layers:
            for batch in batches:
                mask = batch.mask
                network(batch.ids, batch.mask)
    finally:
        for each in hooks:
            each.remove()
    return largest
