"""How much the loss hangs on each channel of a network, measured on data."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from edgetext.compression.structure import Width, per_channel
from edgetext.models import Network
from edgetext.recipe import TrainingConfig
from edgetext.training.dataset import EncodedSet


def importance(
    network: Network,
    data: EncodedSet,
    found: Sequence[Width],
    config: TrainingConfig,
    *,
    batches: int = 100,
    seed: int = 1,
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """(field -> float64[size], tensor -> float64 of its shape): first-order Taylor importance.

    A channel's is the mean over batches of the squared sum of weight times gradient over all that
    belongs to it (Molchanov et al. 2019, §3.1, eq. 8): what the loss would change by, squared, if
    it went. The second part has the same of each single weight, for what is larger than a channel.
    """
    network.eval()
    parameters = dict(network.named_parameters())
    fields = {width.field: torch.zeros(width.size, dtype=torch.float64) for width in found}
    single = {name: torch.zeros(p.shape, dtype=torch.float64) for name, p in parameters.items()}
    seen = 0
    for batch in data.batches(config.batch_size, torch.Generator().manual_seed(seed)):
        if seen == batches:
            break
        seen += 1
        network.zero_grad(set_to_none=True)
        data.task.loss(network(batch.ids, batch.mask), batch, config).backward()
        with torch.no_grad():
            change = {
                name: (p * p.grad if p.grad is not None else torch.zeros_like(p)).double()
                for name, p in parameters.items()
            }
            for width in found:
                fields[width.field] += per_channel(change, width).square()
            for name, value in change.items():
                single[name] += value.square()
    network.zero_grad(set_to_none=True)
    return (
        {name: total / max(1, seen) for name, total in fields.items()},
        {name: total / max(1, seen) for name, total in single.items()},
    )
