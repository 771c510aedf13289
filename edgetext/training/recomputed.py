"""Batches of long texts: what backward needs of their largest layers is computed again.

Most batches of a data set are small, and one with its longest text decides how much memory a
training takes: what attention keeps for the backward pass grows with the square of the length, and
an LSTM keeps its gates of every piece. In such a batch these layers keep their inputs alone, and
are run a second time, with the same random numbers, when backward comes to them (Chen et al. 2016,
"Training Deep Nets with Sublinear Memory Cost", §3). Gradients are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from torch import nn
from torch.utils.checkpoint import checkpoint

from edgetext.core.allocator import give_back, keep_large_apart
from edgetext.models.layers.attention import SelfAttention, SharedAttention
from edgetext.recipe import TrainingConfig
from edgetext.training.dataset import Batch

# Layers that keep several times what they are given.
_LARGE = (SelfAttention, SharedAttention, nn.LSTM)


@contextmanager
def recomputed(network: nn.Module, batch: Batch, config: TrainingConfig) -> Iterator[None]:
    """Let the network's large layers keep nothing but their inputs of a pass that is made in the
    block, where the batch is one of long texts; of one that is divided among processes, never,
    since its parameters are together only while it runs."""
    # Until the next batch, since the backward pass comes after the block.
    keep_large_apart(batch.is_long)
    if not batch.is_long or config.strategy == "fsdp":
        yield
        return
    # What smaller batches left in holes, too small for these tensors, would be held beside them.
    give_back()
    layers = [module for module in network.modules() if isinstance(module, _LARGE)]
    for layer in layers:
        # An attribute of the object, which goes before that of its class.
        layer.forward = partial(checkpoint, layer.forward, use_reentrant=False)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for layer in layers:
            del layer.forward
