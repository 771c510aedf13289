"""A teacher of a few thousand weights whose recipe has a student."""

from dataclasses import replace

import pytest
from imagined import MadeUp

from edgetext.model.checkpoint import Checkpoint
from edgetext.recipe import Recipe
from edgetext.search import trial as trial_module
from edgetext.search.space import Space

STUDENT = {
    "text": {"vocabulary": 120, "max_bytes": 64},
    "encoder": {"type": "conv", "embedding": 16, "hidden": 32, "heads": 1},
    "training": {"epochs": 8, "batch_size": 8, "learning_rate": 0.01, "threads": 1, "patience": 0},
}


@pytest.fixture
def teacher(joint, tmp_path):
    """The tiny joint model, its recipe with a student."""
    checkpoint = Checkpoint.load(joint)
    recipe = Recipe.from_dict({**checkpoint.header.recipe, "student": STUDENT})
    path = tmp_path / "teacher.pt"
    header = replace(checkpoint.header, recipe=recipe.resolved())
    Checkpoint(header, checkpoint.tensors).save(path)
    return path


@pytest.fixture
def made_up(teacher, monkeypatch):
    """A maker whose trainings are made up."""
    checkpoint = Checkpoint.load(teacher)
    space = Space.below(checkpoint.header, Recipe.from_dict(checkpoint.header.recipe), (".onnx",))
    space = Space(**{**{n: getattr(space, n) for n in Space.__slots__}, "hidden": (8, 16, 32)})
    monkeypatch.setattr(trial_module, "file_cost", MadeUp.cost)
    monkeypatch.setattr(trial_module, "write_variant", lambda checkpoint, output: output)
    monkeypatch.setattr(trial_module, "weight", MadeUp.weight)
    return MadeUp(space)


@pytest.fixture
def another(made_up):
    """The maker of another process."""
    return MadeUp(made_up.space)
