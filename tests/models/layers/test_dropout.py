"""Dropout that draws its mask from whole random words."""

import pytest
import torch
from torch import nn

from edgetext.models.layers.dropout import Dropout


@pytest.mark.parametrize("probability", [0.02, 0.1, 0.4, 0.9])
@pytest.mark.parametrize("shape", [(640, 512), (7, 11, 4001)])
def test_it_drops_that_share_and_keeps_the_mean(probability, shape):
    torch.manual_seed(1)
    x = torch.ones(shape, requires_grad=True)
    y = Dropout(probability).train()(x)
    share = float((y == 0).float().mean())
    deviation = (probability * (1 - probability) / x.numel()) ** 0.5
    assert abs(share - probability) < 5 * deviation
    assert float(y.detach().mean()) == pytest.approx(1, abs=5 * deviation / (1 - probability))
    y.sum().backward()
    assert torch.equal(x.grad, y.detach())


def test_values_and_neighbors_are_dropped_independently():
    torch.manual_seed(1)
    kept = (Dropout(0.5).train()(torch.ones(1_000_000)) > 0).double() - 0.5
    for distance in (1, 2, 3, 4, 8, 64):
        together = float((kept[:-distance] * kept[distance:]).mean()) / 0.25
        assert abs(together) < 0.005


def test_a_seed_tells_what_is_dropped():
    layer, x = Dropout(0.3).train(), torch.randn(5, 33)
    torch.manual_seed(4)
    first = layer(x)
    torch.manual_seed(4)
    assert torch.equal(layer(x), first)
    assert not torch.equal(layer(x), first)


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("probability", [0.02, 0.3, 0.5, 0.97])
def test_what_is_dropped_is_what_numbers_of_16_bits_say(kind, probability):
    x, share = torch.randn(3, 5, 7).to(kind), round(probability * 2**16)
    torch.manual_seed(4)
    words = torch.empty(27, dtype=torch.int64).random_(-(2**63), None)
    numbers = words.view(torch.int16)[: x.numel()].view(x.shape)
    kept = (numbers >= share - 2**15).to(kind).mul_(2**16 / (2**16 - share))
    torch.manual_seed(4)
    assert torch.equal(Dropout(probability).train()(x), x * kept)


def test_nothing_is_dropped_in_evaluation_or_without_a_probability():
    x = torch.randn(5, 33)
    assert torch.equal(Dropout(0.3).eval()(x), x)
    assert torch.equal(Dropout(0.0).train()(x), x)
    assert not Dropout(1.0).train()(x).any()


def test_the_type_stays_and_it_is_pytorchs_to_whoever_asks():
    assert Dropout(0.3).train()(torch.randn(4, 3).bfloat16()).dtype == torch.bfloat16
    assert isinstance(Dropout(0.3), nn.Dropout)
    assert Dropout(0.3).train()(torch.empty(0, 3)).shape == (0, 3)
