"""From one training to a checkpoint in every precision."""

import pytest
import torch
from huggingface_models import write_model

from edgetext.core.files import sha256
from edgetext.huggingface.import_model import import_model
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.model.network import load_network
from edgetext.models.quantized.weights import quantize_rows
from edgetext.search import make as make_module
from edgetext.search.make import Maker
from edgetext.search.space import Space
from edgetext.training.splits import load_splits

# By precision: what the table and the first convolution are stored in.
KINDS = {
    ("int8", False): (torch.int8, torch.int8),
    ("int8", True): (torch.int8, torch.int8),
    ("int4 embedding", False): (torch.uint8, torch.int8),
    ("int4 embedding", True): (torch.uint8, torch.int8),
    ("int4", None): (torch.uint8, torch.uint8),
    ("float32", None): (torch.float32, torch.float32),
}
# Large enough that its first convolution becomes integers.
CHOICE = {
    "precision": "int8", "static": False, "vocabulary": 142, "way": "distil", "encoder": "conv",
    "hidden": 32, "embedding": 32, "layers": 2, "attention": False,
}  # fmt: skip


def maker_of(path):
    model = Model.load(path)
    recipe = model.recipe()
    space = Space.below(model.header, recipe, (".onnx",))
    return Maker(model, space, load_splits(recipe), (".onnx",))


def test_students_of_an_imported_teacher_have_a_vocabulary_of_their_own(classify, tmp_path):
    write_model(tmp_path / "folder")
    model = import_model(str(tmp_path / "folder"))
    recipe = Model.load(classify).recipe()
    space = Space.below(model.header, recipe, (".onnx",))
    maker = Maker(model, space, load_splits(recipe), (".onnx",))
    made = Model.load(maker.untrained(space.smallest(), tmp_path / "untrained.pt"))
    assert len(made.vocabulary) <= space.smallest()["vocabulary"]


@pytest.fixture
def maker(teacher):
    return maker_of(teacher)


def stored_as(tensors, name):
    return tensors.get(f"{name}.packed", tensors.get(f"{name}.weight")).dtype


@pytest.mark.parametrize("way", ["distil", "prune"])
def test_one_training_gives_every_precision(maker, tmp_path, monkeypatch, way):
    choice = CHOICE
    if way == "prune":
        same = {name: CHOICE[name] for name in ("precision", "static", "vocabulary")}
        choice = {**same, "way": way, "kept": 1}
    trained = maker.trained(choice, tmp_path / "model.pt", 4)
    before = sha256(trained)
    for name in ("distill", "recover"):
        monkeypatch.setattr(make_module, name, None)  # to call it would fail
    sizes, made = {}, {}
    for i, other in enumerate(maker.space.siblings(choice)):
        key = other["precision"], other.get("static")
        assert maker.trained(other, tmp_path / "model.pt", 4) == trained
        path = maker.stored(other, trained, tmp_path / f"{i}.pt", 4)
        made[key] = Checkpoint.load(path).tensors
        sizes[key] = path.stat().st_size
        kinds = tuple(stored_as(made[key], x) for x in ("embedding", "encoder.layers.0"))
        assert kinds == KINDS[key]
        assert ("encoder.layers.0.output_scale" in made[key]) is bool(other.get("static"))
        blank = maker.untrained(other, tmp_path / "untrained.pt")
        expected, found = (
            {name: x.shape for name, x in tensors.items()}
            for tensors in (made[key], Checkpoint.load(blank).tensors)
        )
        if way == "distil":
            assert found == expected  # a file's size is known before it is trained
        assert load_network(Checkpoint.load(path)).embedding(torch.zeros(1, 2).long()).dim() == 3
    assert sha256(trained) == before and set(made) == set(KINDS)
    plain = Checkpoint.load(trained).tensors
    values, _ = quantize_rows(plain["encoder.layers.0.weight"])
    assert torch.equal(made["int8", False]["encoder.layers.0.weight"], values)
    assert sizes["int4", None] < sizes["int4 embedding", False] < sizes["int8", False]
    assert sizes["int8", False] < sizes["float32", None]


def test_weights_of_4_bits_are_trained_for_and_that_is_kept(maker, tmp_path, monkeypatch):
    trained = maker.trained(CHOICE, tmp_path / "model.pt", 4)
    choice = {**CHOICE, "precision": "int4"}
    calls = []
    original = make_module.tune

    def tune(*arguments, **options):
        calls.append(arguments[2])
        return original(*arguments, **options)

    monkeypatch.setattr(make_module, "tune", tune)
    for name in ("a.pt", "a.pt", "b.pt"):
        maker.stored(choice, trained, tmp_path / name, 4)
    assert calls == [1, 1]
    assert (tmp_path / "a.pt").read_bytes() == (tmp_path / "b.pt").read_bytes()
