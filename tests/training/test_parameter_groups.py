"""Layers with rates of their own, and what learns nothing."""

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.models import build_network
from edgetext.recipe import TrainingConfig
from edgetext.training.parameter_groups import SHARE, freeze, parameter_groups

LABELS = {"intent": ["a", "b"]}
LAYERED = {"type": "transformer", "embedding": 8, "hidden": 8, "layers": 2, "heads": 2}


def network_of(encoder):
    return build_network({"encoder": encoder, "head": {"type": "classify"}}, 20, LABELS)


def shares(network, **fields):
    """The share of the full rate of each parameter, by its name."""
    names = {id(p): name for name, p in network.named_parameters()}
    groups = parameter_groups(network, network, TrainingConfig(**fields))
    return {names[id(p)]: group[SHARE] for group in groups for p in group["params"]}


def test_each_layer_has_a_part_of_the_rate_of_the_one_above():
    by_name = shares(network_of(LAYERED), learning_rate_decay=0.5)
    assert by_name["head.intent.weight"] == by_name["head.intent.bias"] == 1
    assert {x for name, x in by_name.items() if name.startswith("encoder.layers.1")} == {0.5}
    assert {x for name, x in by_name.items() if name.startswith("encoder.layers.0")} == {0.25}
    assert by_name["embedding.weight"] == 0.125


def test_without_a_decay_all_have_the_full_rate_in_two_groups():
    network = network_of(LAYERED)
    assert set(shares(network).values()) == {1.0}
    assert len(parameter_groups(network, network, TrainingConfig())) == 2


def test_parameters_beside_the_network_have_the_full_rate():
    network = network_of(LAYERED)
    objective = torch.nn.ModuleDict({"network": network, "more": torch.nn.Linear(2, 3)})
    groups = parameter_groups(objective, network, TrainingConfig(learning_rate_decay=0.5))
    more = objective["more"].weight
    assert [g[SHARE] for g in groups if any(p is more for p in g["params"])] == [1.0]
    assert sum(len(g["params"]) for g in groups) == len(list(objective.parameters()))


@pytest.mark.parametrize(
    ("chosen", "still"),
    [
        ("embeddings", ("embedding.",)),
        (1, ("embedding.", "encoder.layers.0.")),
        (2, ("embedding.", "encoder.layers.0.", "encoder.layers.1.")),
    ],
)
def test_what_is_frozen_is_in_no_group(chosen, still):
    network = network_of(LAYERED)
    freeze(network, TrainingConfig(freeze=chosen))
    frozen = {name for name, p in network.named_parameters() if not p.requires_grad}
    assert frozen == {name for name, _ in network.named_parameters() if name.startswith(still)}
    assert not frozen & set(shares(network, learning_rate_decay=0.5))


def test_what_cannot_be_is_refused():
    with pytest.raises(EdgetextError, match="freeze is 3, and the encoder has 2 layers"):
        freeze(network_of(LAYERED), TrainingConfig(freeze=3))
    flat = network_of({"type": "bag", "embedding": 8, "hidden": 8})
    freeze(flat, TrainingConfig(freeze="embeddings"))
    for fields in ({"freeze": 1}, {"learning_rate_decay": 0.9}):
        with pytest.raises(EdgetextError, match="this encoder has no layers that are alike"):
            freeze(flat, TrainingConfig(**fields))
            shares(flat, **fields)
    with pytest.raises(EdgetextError, match="leave one of them out"):
        freeze(flat, TrainingConfig(freeze="embeddings", adversarial={}))
    with pytest.raises(EdgetextError, match=r"training.lora: .training.adversarial. moves"):
        freeze(flat, TrainingConfig(lora={}, adversarial={}))
    for wrong in ("all", 0, True, 1.5):
        with pytest.raises(ValueError, match="must be embeddings, or a number of layers above 0"):
            TrainingConfig(freeze=wrong)
