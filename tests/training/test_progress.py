"""Epochs that show more of the tasks which are farther from their goals."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.recipe import Recipe
from edgetext.training.loop import TrainingInterruptedError
from edgetext.training.progress import Goals
from edgetext.training.run import train
from edgetext.training.splits import load_splits

RECIPE = """\
name: two
task: multi
seed: 1
tasks:
  trips:
    task: joint
    data: {type: assistant}
    passes: 2.0
    goal: 0.9
  kind:
    task: classify
    data: {type: jsonl, train: kind.jsonl, valid: kind.jsonl, test: kind.jsonl}
    goal: 0.8
text: {vocabulary: 200}
encoder: {type: cnn, embedding: 8, hidden: 8, layers: 1}
training: {epochs: 3, batch_size: 64, learning_rate: 0.01, threads: 1, patience: 0}
"""
FIRST = {"trips.frame_accuracy": 0.8, "kind.accuracy": 0.9}


@pytest.fixture
def recipe(tmp_path):
    rows = [
        json.dumps({"text": f"{word} {i}", "intent": word}) for word in "ab" for i in range(200)
    ]
    write_text(tmp_path / "kind.jsonl", "\n".join(rows) + "\n")
    write_text(tmp_path / "two.yaml", RECIPE)
    return Recipe.load(tmp_path / "two.yaml")


def counted(examples):
    return Counter(example.task for example in examples)


def test_the_farther_a_task_is_from_its_goal_the_more_it_counts():
    goals = Goals({"a": ("a.f1", 0.9), "b": ("b.f1", 0.5)})
    # One has twice the errors that its goal leaves, the other as many.
    factors = goals.factors({"a.f1": 0.8, "b.f1": 0.5})
    assert factors == pytest.approx({"a": 4 / 3, "b": 2 / 3})
    assert goals.factors({}) == {"a": 1, "b": 1}
    assert goals.factors({"a.f1": 1.0, "b.f1": 1.0}) == {"a": 1, "b": 1}


def test_no_task_is_forgotten_and_none_is_all():
    goals = Goals({"a": ("a.f1", 0.9), "b": ("b.f1", 0.9), "c": ("c.f1", 0.9)})
    factors = goals.factors({"a.f1": 1.0, "b.f1": 0.1, "c.f1": 0.99})
    assert factors == {"a": 0.5, "b": 2, "c": 0.5}


def test_an_epoch_shows_more_of_what_is_behind(recipe):
    splits = load_splits(recipe)
    plain = counted(splits.augmented(1))
    assert plain == counted(splits.augmented(1, {})) == counted(splits.train)
    behind = counted(splits.augmented(1, FIRST))
    assert sum(behind.values()) == sum(plain.values())
    assert behind["trips=joint"] > plain["trips=joint"]
    assert splits.augmented(1, FIRST) == splits.augmented(1, dict(FIRST))
    ahead = counted(splits.augmented(1, {"trips.frame_accuracy": 0.99, "kind.accuracy": 0.5}))
    assert ahead["kind=classify"] > plain["kind=classify"]


def test_without_goals_an_epoch_does_not_heed_how_it_goes(recipe):
    for part in recipe.tasks.values():
        part.goal = None
    splits = load_splits(recipe)
    assert splits.augmented(1, FIRST) == splits.augmented(1)


def test_a_run_that_goes_on_shows_what_it_would_have(recipe, tmp_path):
    whole = train(recipe)

    def stop(epoch, metrics):
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(TrainingInterruptedError):
        train(recipe, state=tmp_path / "state", after_epoch=stop)
    again = train(recipe, state=tmp_path / "state", resume=True)
    assert all((again.tensors[name] == whole.tensors[name]).all() for name in whole.tensors)
    for part in recipe.tasks.values():
        part.goal = None
    plain = train(recipe)
    assert any((plain.tensors[name] != whole.tensors[name]).any() for name in whole.tensors)
    assert "goal" not in plain.header.recipe["tasks"]["kind"]


def test_a_goal_of_some_tasks_alone_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    write_text(path, RECIPE.replace("    goal: 0.8\n", ""))
    with pytest.raises(EdgetextError, match=r"one\.yaml: tasks\.kind\.goal: other tasks have"):
        Recipe.load(path)


def test_splits_of_one_task_have_no_goals(recipe):
    splits = load_splits(recipe)
    assert splits.by_progress is not None
    assert replace(splits, by_progress=None).augmented(1, FIRST) == splits.augmented(1)
