"""`edgetext.train` and `edgetext.distill` do what their commands do, and say nothing."""

import pytest

import edgetext
from edgetext.api.distill import student_path
from edgetext.api.train import trained_path
from edgetext.cli import main

SHORT = ["training.epochs=1", "seed=3"]


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("trained") / "teacher.pt"
    model = edgetext.train(data / "joint.yaml", overrides=SHORT)
    model.save(path)
    return path, model


def test_it_writes_the_tensors_that_the_command_writes(trained, data, tmp_path):
    path, model = trained
    arguments = [word for override in SHORT for word in ("--set", override)]
    assert main(["train", str(data / "joint.yaml"), *arguments, "-o", str(tmp_path / "b.pt")]) == 0
    other = edgetext.Model.load(tmp_path / "b.pt")
    assert all(other.tensors[name].equal(x) for name, x in model.tensors.items())
    assert other.header.recipe == edgetext.Model.load(path).header.recipe


def test_a_recipe_object_is_taken_too(data, tmp_path, capsys):
    recipe = edgetext.Recipe.load(data / "joint.yaml")
    made = edgetext.train(recipe, overrides=SHORT)
    assert made.header.recipe["training"]["epochs"] == 1
    assert recipe.training.epochs == 10
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "")


def test_a_student_learns_from_a_file(trained, tmp_path):
    path, _ = trained
    student = (
        "student={encoder: {type: bag, embedding: 16}, head: {type: joint, hidden: 16}, "
        "training: {epochs: 1, threads: 1}}"
    )
    made = edgetext.distill(str(path), overrides=[student])
    assert made.header.variant == "distilled"


def test_where_files_go_by_default(data, tmp_path):
    assert str(trained_path(edgetext.Recipe.load(data / "joint.yaml"))) == "joint.pt"
    assert student_path([tmp_path / "teacher.pt"]) == tmp_path / "student.pt"
