"""Adversarial passes and R-Drop: what they add to the loss, and what stays as it was."""

import signal

import pytest
import torch

from edgetext.core.errors import StoppedError
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.training.distill import distill
from edgetext.training.objective import SupervisedObjective
from edgetext.training.run import train

PGD = {"type": "pgd", "epsilon": 0.5, "steps": 2}


def with_training(recipe, **fields):
    """The recipe, these fields of its `training` changed."""
    resolved = recipe.resolved()
    resolved["training"] |= fields
    return Recipe.from_dict(resolved)


@pytest.fixture
def objective_of(recipe, objective_for):
    """objective_of(**fields of training): an objective and a batch for it."""

    def make(**fields):
        return objective_for(with_training(recipe, token_dropout=0.0, **fields), 8)

    return make


@pytest.mark.parametrize("adversarial", [{}, {"epsilon": 3}, PGD])
def test_a_moved_embedding_has_a_higher_loss_than_one_moved_anywhere(objective_of, adversarial):
    plain, batch = objective_of()
    moved, _ = objective_of(adversarial=adversarial)
    clean = float(plain.eval()(batch))
    attacked = float(moved.eval()(batch)) - clean
    epsilon = moved.config.adversarial.epsilon
    anywhere = []
    for seed in range(20):
        torch.manual_seed(seed)

        def add(module, inputs):
            away = torch.randn_like(inputs[0])
            length = epsilon * inputs[0].std()
            away = away / away.flatten(1).norm(dim=1).reshape(-1, 1, 1) * length
            return (inputs[0] + away, *inputs[1:])

        handle = plain.network.encoder.register_forward_pre_hook(add)
        anywhere.append(float(plain(batch)))
        handle.remove()
    assert attacked > max(anywhere) > clean - 0.1


def test_a_change_is_as_long_as_epsilon_says(objective_of):
    moved, batch = objective_of(adversarial={"epsilon": 2})
    seen = []
    encoder = moved.network.encoder
    encoder.forward = lambda x, *rest, forward=encoder.forward: (seen.append(x), forward(x, *rest))[
        1
    ]
    moved.eval()(batch)
    clean, attacked = seen
    lengths = (attacked - clean).flatten(1).norm(dim=1)
    assert torch.allclose(lengths, torch.full((8,), 2 * float(clean.std())), rtol=1e-4)


def test_pgd_stays_in_its_ball(objective_of):
    moved, batch = objective_of(adversarial=PGD)
    seen = []
    encoder = moved.network.encoder
    encoder.forward = lambda x, *rest, forward=encoder.forward: (seen.append(x), forward(x, *rest))[
        1
    ]
    moved.eval()(batch)
    assert len(seen) == 4  # as it is, once a step, and where the steps ended
    for attacked in seen[1:]:
        lengths = (attacked - seen[0]).flatten(1).norm(dim=1)
        assert float(lengths.max()) <= 0.5 * float(seen[0].std()) * 1.0001


def test_r_drop_is_nothing_without_dropout_and_something_with_it(objective_of):
    plain, batch = objective_of()
    twice, _ = objective_of(r_drop=1.0)
    with torch.no_grad():
        # The loss of a student is a cross-entropy's distance, which is 0 between equals.
        assert float(twice.eval()(batch)) == pytest.approx(float(plain.eval()(batch)), abs=1e-4)
    dropping, _ = objective_of(r_drop=1.0)
    for module in dropping.network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.3
    torch.manual_seed(3)
    one = dropping.train()(batch)
    dropping.config = dropping.config.model_copy(update={"r_drop": 0.0})
    torch.manual_seed(3)
    assert float(one) != pytest.approx(float(dropping(batch)))


def test_gradients_reach_all_parameters_and_no_hook_stays(objective_of):
    moved, batch = objective_of(adversarial=PGD, r_drop=0.5)
    moved.train()(batch).backward()
    assert all(p.grad is not None for p in moved.network.parameters())
    assert not moved.network.encoder._forward_pre_hooks


def test_it_is_in_no_recipe_that_does_not_ask_for_it(recipe):
    assert not {"adversarial", "r_drop"} & recipe.resolved()["training"].keys()
    changed = with_training(recipe, adversarial={}, r_drop=0.5).resolved()["training"]
    assert changed["adversarial"]["type"] == "fgm" and changed["r_drop"] == 0.5


FIELDS = {"adversarial": PGD, "r_drop": 0.5, "epochs": 3}


def test_a_robust_training_is_the_same_each_time_and_after_a_stop(
    splits, recipe, tmp_path, monkeypatch
):
    changed = with_training(recipe, **FIELDS)
    whole = train(changed)
    again = train(changed)
    state, forward, calls = tmp_path / "state", SupervisedObjective.forward, []

    def pressed(self, batch):
        calls.append(1)
        if len(calls) == 12:
            signal.raise_signal(signal.SIGINT)
        return forward(self, batch)

    with monkeypatch.context() as patch:
        patch.setattr(SupervisedObjective, "forward", pressed)
        with pytest.raises(StoppedError, match="within epoch 2"):
            train(changed, state)
    resumed = train(changed, state, resume=True)
    for other in (again, resumed):
        for name, tensor in whole.tensors.items():
            assert torch.equal(tensor, other.tensors[name])
    assert whole.header.metrics["test"]["accuracy"] > 0.8


def test_a_student_is_made_robust_too(splits, recipe, tmp_path):
    teacher = train(recipe)
    plain = distill([teacher], recipe)
    resolved = recipe.resolved()
    resolved["student"]["training"] |= {"adversarial": {}, "r_drop": 0.2, "epochs": 8}
    resolved["student"]["distillation"] |= {"qat_epochs": 1}
    robust = distill([teacher], Recipe.from_dict(resolved))
    assert robust.header.metrics["test"]["accuracy"] > 0.8
    assert robust.header.recipe["training"]["adversarial"]["type"] == "fgm"
    assert isinstance(robust, Model) and plain.digest() != robust.digest()
