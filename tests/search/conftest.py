"""A teacher of a few thousand weights whose recipe has a student."""

from dataclasses import replace

import pytest

from edgetext.model.checkpoint import Checkpoint
from edgetext.recipe import Recipe

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
