"""Where the bytes of a checkpoint are."""

from __future__ import annotations

from collections import defaultdict

from torch import nn


def of_network(network: nn.Module) -> list[tuple[str, int]]:
    """Return (layer, bytes of its tensors), the largest first."""
    sizes: dict[str, int] = defaultdict(int)
    for name, tensor in network.state_dict().items():
        sizes[name.rpartition(".")[0]] += tensor.numel() * tensor.element_size()
    return sorted(sizes.items(), key=lambda item: -item[1])
