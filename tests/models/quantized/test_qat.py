"""Fake-quantized layers in a network that trains."""

import torch

from edgetext.compression.quantization.precision import Precision, store
from edgetext.models import build_network
from edgetext.models.quantized.qat import FakeQuantization

LABELS = {"intent": ["a", "b"], "tags": ["O", "B-x", "I-x"]}
MODEL = {
    "encoder": {"type": "conv", "embedding": 16, "hidden": 64, "layers": 2, "kernel": 3},
    "head": {"type": "joint", "hidden": 64},
}


def network():
    torch.manual_seed(0)
    return build_network(MODEL, 40, LABELS).eval()


def test_a_rounding_network_answers_as_its_int8_form():
    rounding, int8, ids = network(), network(), torch.randint(2, 40, (1, 9))
    plain = network()(ids)["tags"]
    FakeQuantization().start(rounding)
    store(int8, Precision())
    torch.testing.assert_close(rounding(ids)["tags"], int8(ids)["tags"], atol=1e-5, rtol=1e-5)
    assert (rounding(ids)["tags"] - plain).abs().max() > 1e-4


def test_gradients_pass_the_rounding():
    model, ids = network(), torch.randint(2, 40, (1, 9))
    FakeQuantization().start(model)
    model(ids)["tags"].square().sum().backward()
    for name in ("embedding.weight", "encoder.layers.0.weight", "head.from_piece.weight"):
        assert model.get_parameter(name).grad.abs().sum() > 0


def test_rounding_stops_without_a_trace():
    model, ids = network(), torch.randint(2, 40, (1, 9))
    kinds = [type(m) for m in model.modules()]
    names = [name for name, _ in model.named_parameters()]
    parameters = list(model.parameters())
    fake = FakeQuantization()
    fake.start(model)
    assert [type(m) for m in model.modules()] != kinds
    # An optimizer goes on with the same parameters, and a state is read by the same names.
    assert [name for name, _ in model.named_parameters()] == names
    assert all(x is y for x, y in zip(model.parameters(), parameters, strict=True))
    fake.start(model)
    fake.stop(model)
    assert [type(m) for m in model.modules()] == kinds
    assert torch.equal(model(ids)["tags"], network()(ids)["tags"])
