"""What a norm gives becomes about as large as 1, and nothing else changes."""

import pytest
import torch
from torch import nn

from edgetext.models.layers.gain import enlarge


@pytest.mark.parametrize(
    ("gain", "times"), [(0.14, 4), (0.25, 4), (0.51, 1), (1, 1), (3, 1), (0, 1)]
)
def test_gains_grow_by_a_power_of_two_up_to_one(gain, times):
    norm, x = nn.LayerNorm(8), torch.randn(2, 8)
    nn.init.constant_(norm.weight, gain)
    nn.init.constant_(norm.bias, 0.03)
    before = norm(x)
    assert enlarge(norm) == times
    assert norm(x).equal(before * times)


def test_a_norm_without_a_bias():
    norm = nn.LayerNorm(8, bias=False)
    nn.init.constant_(norm.weight, 0.1)
    assert enlarge(norm) == 8
    assert norm.bias is None
