"""Batches of long texts: what is computed twice, and that nothing else comes out."""

from dataclasses import replace

import pytest
import torch

from edgetext.data.example import Example
from edgetext.recipe import Recipe
from edgetext.tasks.learner import learner_of
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.dataset import LONG, EncodedSet
from edgetext.training.recomputed import recomputed

LABELS = {"intent": ["go"], "tags": ["O"]}
ENCODERS = [
    {"type": "lstm", "heads": 2},
    {"type": "lstm", "heads": 2, "layers": 2, "attention_window": 4},
    {"type": "transformer", "heads": 2},
    {"type": "conv", "heads": 1, "normalize": True},
    {"type": "cnn", "heads": 2},
]


@pytest.fixture
def learned(recipe, objective_for):
    """learned(encoder, is_long, **fields of training): the loss, the gradients, and how many bytes
    were kept for them."""

    def run(encoder, is_long, **fields):
        resolved = recipe.resolved()
        resolved["encoder"] = encoder
        resolved["training"] |= fields
        objective, batch = objective_for(Recipe.from_dict(resolved), 16)
        objective.train()
        network = objective.network
        kept = {}

        def keep(tensor):
            kept[tensor.untyped_storage().data_ptr()] = tensor, tensor.untyped_storage().nbytes()
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            loss = objective(replace(batch, is_long=is_long))
        size = sum(nbytes for _, nbytes in kept.values())
        loss.backward()
        gradients = {name: p.grad for name, p in network.named_parameters()}
        return loss.detach(), gradients, size, torch.rand(1), network

    return run


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("fields", [{}, {"adversarial": {}, "r_drop": 1.0}])
def test_gradients_are_the_same_to_the_last_bit_and_less_is_kept(learned, encoder, fields):
    loss, gradients, size, following, _ = learned(encoder, False, **fields)
    again, others, less, then, network = learned(encoder, True, **fields)
    assert torch.equal(loss, again) and torch.equal(following, then)
    assert gradients.keys() == others.keys()
    for name, gradient in gradients.items():
        assert gradient is not None and torch.equal(gradient, others[name]), name
    assert less < size
    assert not any("forward" in vars(module) for module in network.modules())


def test_a_divided_network_is_run_once(recipe):
    network = torch.nn.Sequential(torch.nn.LSTM(2, 2))
    batch = EncodedSet(
        [Example("to", "go")], learner_of("joint"), Vocabulary.train(["to"], size=50), LABELS, 64
    ).batch(torch.tensor([0]))
    long = replace(batch, is_long=True)
    divided = recipe.training.model_copy(update={"strategy": "fsdp"})
    with recomputed(network, long, divided):
        assert "forward" not in vars(network[0])
    with recomputed(network, long, recipe.training):
        assert "forward" in vars(network[0])


def test_a_batch_is_long_by_the_usual_text_of_its_set():
    vocabulary = Vocabulary.train(["to"], size=50)
    texts = ["to to", *["to"] * 20, "to " * (LONG * 4)]
    data = EncodedSet(
        [Example(text, "go") for text in texts], learner_of("joint"), vocabulary, LABELS, 512
    )
    assert [data.batch(torch.tensor([row])).is_long for row in (0, 1, 21)] == [False, False, True]
    assert data.batch(torch.arange(22)).is_long and data.batch(torch.arange(22)).to("cpu").is_long
    alike = EncodedSet(
        [Example("to " * 99, "go")] * 3, learner_of("joint"), vocabulary, LABELS, 512
    )
    assert not alike.batch(torch.arange(3)).is_long
