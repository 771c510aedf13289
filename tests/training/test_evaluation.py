"""What a network is judged on."""

import torch
from torch import nn

from edgetext.training.evaluation import device_of


def test_a_network_of_integers_alone_has_a_device():
    """As a conv student of the task tag has, once all its layers are int8."""
    network = nn.Module()
    network.register_buffer("weight", torch.zeros(2, dtype=torch.int8))
    assert not list(network.parameters())
    assert device_of(network) == device_of(nn.Linear(1, 1)) == torch.device("cpu")
