"""`init: FILE`: trainings that begin with the pieces and the encoder of another checkpoint."""

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.model.model import Model
from edgetext.models import build_network
from edgetext.recipe import Recipe, StudentConfig
from edgetext.recipe.components import complete_student
from edgetext.tasks.learner import learner_of
from edgetext.training.distill import distill
from edgetext.training.initial import Initial
from edgetext.training.run import train

ENCODER = {"type": "conv", "embedding": 16, "hidden": 16, "layers": 2, "normalize": True}


@pytest.fixture
def first(recipe, splits, tmp_path):
    """The file of a small model whose normalizations are folded, and the recipe it came of."""
    changed = Recipe.from_dict({**recipe.resolved(), "encoder": ENCODER, "student": None})
    train(changed).save(tmp_path / "first.pt")
    return tmp_path / "first.pt"


def begun(recipe, first, **changes):
    fields = {**recipe.resolved(), "encoder": ENCODER, "student": None, "init": str(first)}
    fields["text"] = {"max_bytes": recipe.text.max_bytes}
    return Recipe.from_dict({**fields, **changes})


def test_a_fresh_network_answers_as_the_file_does(recipe, splits, first):
    """In evaluation, whatever its normalizations; and nearly so in training."""
    changed = begun(recipe, first)
    initial, old = Initial.of(changed), Model.load(first)
    network = old.copied_network()
    wanted = network.encoder(network.embedding(torch.tensor([[2, 30, 31, 32, 7]])))
    fresh = build_network(changed.resolved(), len(initial.vocabulary), old.header.labels)
    learner = learner_of("joint", old.header.labels)
    initial.begin(fresh, splits.train, learner, old.header.labels, changed)
    ids = torch.tensor([[2, 30, 31, 32, 7]])
    fresh.eval()
    torch.testing.assert_close(fresh.encoder(fresh.embedding(ids)), wanted, atol=1e-5, rtol=1e-4)
    # What a normalization sees has the mean and variance that it was told.
    assert fresh.encoder.layers[0].variance.min() > 0
    assert not torch.equal(fresh.encoder.layers[0].mean, torch.zeros(16))


def test_it_begins_where_the_file_ended(recipe, splits, first):
    """An epoch at no rate leaves the encoder as it was, and the pieces are the file's."""
    still = {**recipe.training.model_dump(), "epochs": 1, "learning_rate": 1e-12, "ema_decay": 0}
    model, old = train(begun(recipe, first, training=still)), Model.load(first)
    assert model.header.pieces == old.header.pieces
    torch.testing.assert_close(model.tensors["embedding.weight"], old.tensors["embedding.weight"])
    names = [name for name in old.tensors if name.startswith("encoder.")]
    ids = torch.tensor([[2, 30, 31, 32, 7]])
    states = [each.network.encoder(each.network.embedding(ids)) for each in (model, old)]
    assert names
    assert torch.nn.functional.cosine_similarity(*states, dim=-1).min() > 0.9


def test_a_student_begins_with_it(recipe, splits, teacher, first):
    section = {"init": str(first), "encoder": ENCODER, "head": {"type": "joint", "hidden": 16}}
    section["training"] = recipe.training.model_dump()
    student = StudentConfig.model_validate(section)
    complete_student(student, "joint", "test", "")
    changed = recipe.model_copy(update={"student": student})
    model = distill([Model.load(teacher)], changed)
    assert model.header.pieces == Model.load(first).header.pieces
    assert model.header.recipe["init"] == str(first)
    # A student of the same pieces that begins with nothing comes out otherwise.
    plain = student.model_copy(update={"init": None, "text": changed.text})
    other = distill([Model.load(teacher)], recipe.model_copy(update={"student": plain}))
    assert not torch.equal(
        model.tensors["encoder.layers.0.weight"], other.tensors["encoder.layers.0.weight"]
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"encoder": {**ENCODER, "hidden": 24}}, "has another encoder than encoder .*hidden: 16"),
        ({"encoder": {**ENCODER, "layers": 3}}, "has another encoder than encoder .*layers: 2"),
        ({"encoder": {**ENCODER, "residual": True}}, "residual: false, not true.*residual: false"),
        (
            {"encoder": {"type": "cnn", "embedding": 16}},
            "another encoder than encoder .*attention_after: null",
        ),
        ({"text": {"lowercase": False}}, "text.lowercase: the pieces are those of"),
        ({"init": "none.pt"}, "none.pt"),
    ],
)
def test_a_recipe_that_does_not_fit(changes, fault, recipe, splits, first):
    with pytest.raises(EdgetextError, match=fault):
        train(begun(recipe, first, **changes))


def test_an_integer_checkpoint_is_refused(recipe, splits, first):
    small = first.with_name("int8.pt")
    Model.load(first).with_header(variant="int8").save(small)
    with pytest.raises(EdgetextError, match=r"init: .* is int8"):
        train(begun(recipe, small))
