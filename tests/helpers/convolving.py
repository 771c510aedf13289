"""A small network of convolutions, untrained, and batches for it."""

import torch

from edgetext.models import build_network
from edgetext.training.dataset import Batch

LABELS = {"intent": ["a", "b"]}


def network(**encoder):
    torch.manual_seed(1)
    fields = {"type": "conv", "embedding": 32, "hidden": 32, "layers": 3, "kernel": 3, **encoder}
    recipe = {"encoder": fields, "head": {"type": "classify"}}
    return build_network(recipe, 50, LABELS).eval()


def batches(count=3, length=7):
    for seed in range(count):
        ids = torch.randint(0, 50, (4, length), generator=torch.Generator().manual_seed(seed))
        mask = torch.arange(length) < torch.tensor([length, length, 3, 1])[:, None]
        yield Batch(ids, mask, mask, {})
