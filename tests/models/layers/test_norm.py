"""Batch norm that leaves no trace."""

import torch

from edgetext.models import build_network
from edgetext.models.layers.norm import NormedLinear

LABELS = {"intent": ["a", "b"], "tags": ["O", "B-x", "I-x"]}
ENCODER = {"type": "conv", "embedding": 8, "hidden": 8, "layers": 2, "kernel": 3, "normalize": True}


def trained(layer, steps=200):
    for _ in range(steps):
        layer.train()(3 + 2 * torch.randn(4, 9, 5), None)
    return layer.eval()


def test_outputs_have_mean_0_and_variance_1_over_the_real_pieces():
    layer = NormedLinear(5, 4).train()
    x, mask = torch.randn(3, 7, 5), torch.rand(3, 7) > 0.4
    rows = layer(x, mask)[mask]
    torch.testing.assert_close(rows.mean(0), torch.zeros(4), atol=1e-5, rtol=0)
    torch.testing.assert_close(rows.var(0, correction=0), torch.ones(4), atol=1e-3, rtol=0)
    x[~mask] = 1e6
    torch.testing.assert_close(layer(x, mask)[mask], rows)


def test_running_statistics_come_near_those_of_a_batch():
    torch.manual_seed(0)
    layer = trained(NormedLinear(5, 4))
    x = 3 + 2 * torch.randn(50, 20, 5)
    torch.testing.assert_close(layer(x, None), layer.train()(x, None), atol=0.5, rtol=0)


def test_mixed_precision_keeps_the_statistics_in_float32():
    layer = NormedLinear(5, 4).train()
    with torch.autocast("cpu", torch.bfloat16):
        assert layer(torch.randn(3, 7, 5), None).dtype == torch.float32
    assert layer.mean.dtype == torch.float32 and bool(layer.mean.any())


def test_the_folded_layer_answers_alike():
    torch.manual_seed(0)
    layer = trained(NormedLinear(5, 4))
    with torch.no_grad():
        layer.gain.uniform_(-2, 2)
        layer.bias.uniform_(-2, 2)
    x = torch.randn(2, 6, 5)
    torch.testing.assert_close(layer.folded()(x), layer(x, None), atol=1e-5, rtol=1e-5)


def test_a_settled_network_is_that_of_the_changed_recipe():
    torch.manual_seed(0)
    head = {"type": "joint"}
    model = build_network({"encoder": ENCODER, "head": head}, 20, LABELS)
    for _ in range(20):
        model.train()(torch.randint(2, 20, (4, 6)))
    ids = torch.randint(2, 20, (1, 6))
    before = model.eval()(ids)
    changed = model.fuse()
    twin = build_network({"encoder": {**ENCODER, **changed}, "head": head}, 20, LABELS).eval()
    twin.load_state_dict(model.state_dict())
    for name, scores in twin(ids).items():
        torch.testing.assert_close(scores, before[name], atol=1e-5, rtol=1e-5)
