"""How much the loss depends on each channel, or weight, of a network, measured on data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from edgetext.compression.pruning.structure import PrunableDim, per_channel
from edgetext.models import Network
from edgetext.recipe import TrainingConfig
from edgetext.training.dataset import EncodedSet

# A few thousand texts tell the channels apart.
BATCHES = 100


def of_channels(
    network: Network,
    data: EncodedSet,
    cut_widths: Sequence[PrunableDim],
    config: TrainingConfig,
    seed: int = 1,
) -> dict[str, Tensor]:
    """field -> float64[size]: first-order Taylor importance of each channel of the widths.

    The mean over batches of the squared sum of weight times gradient over all that belongs to the
    channel (Molchanov et al. 2019, §3.1, eq. 8): what the loss would change by, squared, if it
    went.
    """
    totals = {width.field: torch.zeros(width.size, dtype=torch.float64) for width in cut_widths}
    seen = 0
    for change in _changes(network, data, config, seed):
        seen += 1
        for width in cut_widths:
            totals[width.field] += per_channel(change, width).square()
    return {name: total / max(1, seen) for name, total in totals.items()}


def of_weights(
    network: Network, data: EncodedSet, config: TrainingConfig, seed: int = 1
) -> dict[str, Tensor]:
    """tensor -> float64 of its shape: the same of each single weight, for what is larger than a
    channel."""
    totals = {
        name: torch.zeros(p.shape, dtype=torch.float64) for name, p in network.named_parameters()
    }
    seen = 0
    for change in _changes(network, data, config, seed):
        seen += 1
        for name, value in change.items():
            totals[name] += value.double().square()
    return {name: total / max(1, seen) for name, total in totals.items()}


def _changes(
    network: Network, data: EncodedSet, config: TrainingConfig, seed: int
) -> Iterator[dict[str, Tensor]]:
    """Weight times gradient, by tensor, for each of at most BATCHES batches."""
    network.eval()
    generator = torch.Generator().manual_seed(seed)
    for _, batch in zip(range(BATCHES), data.batches(config.batch_size, generator), strict=False):
        network.zero_grad(set_to_none=True)
        data.learner.loss(network(batch.ids, batch.mask), batch, config).backward()
        yield {
            name: torch.zeros_like(p) if p.grad is None else p.detach() * p.grad
            for name, p in network.named_parameters()
        }
    network.zero_grad(set_to_none=True)
