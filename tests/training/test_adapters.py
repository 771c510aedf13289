"""Adapters that learn in the place of an encoder."""

import sys

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.models import build_network
from edgetext.recipe.schema import LoraConfig
from edgetext.training.adapters import adapt, merge
from edgetext.training.run import train

LABELS = {"intent": ["a", "b"]}
LAYERED = {"type": "transformer", "embedding": 8, "hidden": 8, "layers": 2, "heads": 2}
IDS = torch.arange(12).view(2, 6)


def network_of(encoder):
    torch.manual_seed(1)
    return build_network({"encoder": encoder, "head": {"type": "classify"}}, 20, LABELS).eval()


def test_merged_adapters_leave_the_network_that_answers_as_with_them():
    pytest.importorskip("peft")
    network, plain = network_of(LAYERED), network_of(LAYERED)
    names = set(network.state_dict())
    adapt(network, LoraConfig(rank=2))
    learning = {name for name, p in network.named_parameters() if p.requires_grad}
    assert all("lora_" in name or name.startswith("head.") for name in learning)
    assert any("lora_" in name for name in learning) and "head.intent.weight" in learning
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "lora_B" in name:
                parameter.normal_()
        adapted = network(IDS)["intent"]
        merge(network)
        assert set(network.state_dict()) == names
        torch.testing.assert_close(network(IDS)["intent"], adapted, atol=1e-5, rtol=1e-4)
        assert not torch.allclose(plain(IDS)["intent"], adapted, atol=1e-3)


def test_a_training_with_adapters_gives_a_plain_model(splits, recipe):
    pytest.importorskip("peft")
    changed = type(recipe).from_dict(
        {**recipe.resolved(), "encoder": {**LAYERED, "embedding": 16, "hidden": 16}},
        overrides=["training.lora={rank: 2}", "training.epochs=2"],
    )
    one, same = train(changed), train(changed)
    assert not any("lora" in name for name in one.tensors)
    assert all(torch.equal(one.tensors[name], same.tensors[name]) for name in one.tensors)


def test_without_peft_or_layers_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(EdgetextError, match=r"training.lora needs PEFT; install it with"):
        adapt(network_of(LAYERED), LoraConfig())


def test_an_encoder_without_layers_is_refused():
    pytest.importorskip("peft")
    with pytest.raises(EdgetextError, match=r"training.lora: this encoder has no layers"):
        adapt(network_of({"type": "bag", "embedding": 8, "hidden": 8}), LoraConfig())
