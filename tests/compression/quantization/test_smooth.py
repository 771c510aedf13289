"""Smoothing: by what the inputs of large layers are multiplied."""

import torch
from torch import nn

from edgetext.compression.quantization.smooth import smoothing
from edgetext.models.quantized.int8 import LARGE
from edgetext.training.dataset import Batch

WIDTH = 512


class Network(nn.Module):
    """One large layer and a small one behind it."""

    def __init__(self):
        super().__init__()
        self.large = nn.Linear(WIDTH, LARGE // WIDTH)
        self.small = nn.Linear(LARGE // WIDTH, 8)

    def forward(self, ids, mask):
        rows = torch.ones(*ids.shape, WIDTH)
        rows[..., 7] = ids
        return self.small(self.large(rows))


def batch(*lengths):
    ids = torch.full((len(lengths), max(lengths)), 1000)
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    ids[mask] = 16
    return Batch(ids, mask, mask, {})


def test_a_large_channel_is_made_small_and_padding_does_not_count():
    network = Network()
    network.large.weight.data[:] = 0.5
    factors = smoothing(network, [batch(3, 5)])
    assert list(factors) == ["large"]
    factor = factors["large"]
    torch.testing.assert_close(factor[7], factor[0] / 4)
    assert factor.median() == 1
