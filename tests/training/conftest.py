"""A tiny joint data set, and a recipe that trains on it in a second."""

import random
import shutil
from pathlib import Path

import pytest
import torch

from edgetext.data.example import Example, Span
from edgetext.models import build_network
from edgetext.recipe import Recipe
from edgetext.tasks.learner import learner_of
from edgetext.training import distill as distill_module
from edgetext.training import run as run_module
from edgetext.training.objective import SupervisedObjective
from edgetext.training.run import make_vocabulary
from edgetext.training.setup import Setup
from edgetext.training.splits import Splits

CITIES = ["Paris", "Zürich", "New York", "Rome", "Oslo", "São Paulo"]
DAYS = ["today", "tomorrow", "on Monday", "next week"]


def made_examples(count, seed):
    rng = random.Random(seed)
    examples = []
    for i in range(count):
        city, day = rng.choice(CITIES), rng.choice(DAYS)
        if rng.random() < 0.5:
            intent, text = "weather", f"is it cold in {city} {day}?"
        else:
            intent, text = "flight", f"book me to {city} {day}"
        raw = text.encode()
        spans = []
        for label, value in (("city", city), ("day", day)):
            start = raw.index(value.encode())
            spans.append(Span(label, start, start + len(value.encode())))
        examples.append(Example(text, intent, tuple(spans), f"made:{i + 1}"))
    return examples


@pytest.fixture
def splits(monkeypatch):
    """Tiny splits, given to whatever recipe asks; with an augmentation that reorders texts."""

    def augment(rng):
        train = made_examples(64, 1)
        rng.shuffle(train)
        return train

    data = Splits(made_examples(64, 1), made_examples(16, 2), made_examples(16, 3), augment, seed=1)
    for module in (run_module, distill_module):
        monkeypatch.setattr(module, "load_splits", lambda recipe: data)
    return data


@pytest.fixture
def recipe():
    training = {"epochs": 6, "batch_size": 8, "learning_rate": 0.01, "ema_decay": 0.9}
    training |= {"token_dropout": 0.05, "threads": 1, "patience": 0}
    return Recipe.from_dict(
        {
            "name": "tiny",
            "task": "joint",
            "data": {"type": "assistant"},
            "text": {"vocabulary": 120},
            "encoder": {"type": "cnn", "embedding": 16, "hidden": 16, "heads": 2},
            "head": {"type": "joint", "hidden": 16},
            "training": training,
            "student": {
                "text": {"vocabulary": 80},
                "encoder": {"type": "cnn", "embedding": 16, "hidden": 16, "layers": 1},
                "head": {"type": "joint", "hidden": 16},
                "training": training,
                "distillation": {"hidden_weight": 0.1},
            },
        }
    )


@pytest.fixture
def teacher(splits, recipe, tmp_path_factory, tmp_path):
    """A copy of one teacher, since a test may change it."""
    trained = tmp_path_factory.getbasetemp() / "tiny-teacher.pt"
    if not trained.exists():
        run_module.train(recipe).save(trained)
    return Path(shutil.copy(trained, tmp_path / "teacher.pt"))


@pytest.fixture
def objective_for(splits):
    """objective_for(recipe, count): what trains its network, and a batch of so many texts."""

    def make(recipe, count):
        learner = learner_of(recipe.task)
        labels = learner.labels(splits.train)
        learner = learner.bind(labels)
        vocabulary = make_vocabulary(recipe.text, recipe, splits)
        torch.manual_seed(1)
        network = build_network(recipe.resolved(), len(vocabulary), labels)
        setup = Setup(recipe, splits, learner, labels, vocabulary, network)
        batch = setup.encode(splits.train, training=True).batch(torch.arange(count))
        return SupervisedObjective(network, learner, recipe.training, vocabulary), batch

    return make
