"""What each layer's quantization alone does to the outputs."""

import torch

from edgetext.compression.quantization.precision import Precision
from edgetext.compression.quantization.sensitivity import sensitivity
from edgetext.models import build_network
from edgetext.training.dataset import Batch


def network():
    torch.manual_seed(1)
    recipe = {
        "encoder": {"type": "conv", "embedding": 32, "hidden": 32, "layers": 2, "kernel": 3},
        "head": {"type": "classify"},
    }
    return build_network(recipe, 50, {"intent": ["a", "b"]}).eval()


def batch():
    mask = torch.ones(4, 7, dtype=torch.bool)
    return Batch(torch.randint(0, 50, (4, 7)), mask, mask, {})


def test_each_layer_is_changed_alone_and_put_back():
    net, one = network(), batch()
    before, layers = net(one.ids, one.mask)["intent"], list(net.modules())
    errors = sensitivity(net, Precision(), [one])
    assert list(errors) == ["embedding", "encoder.layers.0", "encoder.layers.1"]
    assert all(0 < error < 0.1 for error in errors.values())
    assert all(x is y for x, y in zip(net.modules(), layers, strict=True))
    assert torch.equal(net(one.ids, one.mask)["intent"], before)


def test_fewer_bits_cost_more_and_what_is_kept_costs_nothing():
    net, one = network(), batch()
    eight = sensitivity(net, Precision(), [one])
    four = sensitivity(net, Precision(schemes=dict.fromkeys(eight, "int4")), [one])
    assert all(four[name] > eight[name] for name in eight)
    kept = sensitivity(net, Precision(keep=frozenset(["embedding"])), [one])
    assert kept == {name: eight[name] for name in eight if name != "embedding"}
