"""What a training tells, and that telling changes no weight."""

import csv
import json

import pytest
import torch

from edgetext.recipe import ComponentConfig
from edgetext.training import loop
from edgetext.training.run import run_folder, train


def rows(folder, name):
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def monitored(recipe, *names):
    recipe.monitors = [ComponentConfig(type=name) for name in names]
    return recipe


def test_weights_are_those_of_a_training_that_nobody_watches(splits, recipe, tmp_path):
    pytest.importorskip("tensorboard")
    recipe.training.epochs = 3
    alone = train(monitored(recipe))
    watched = train(monitored(recipe, "console", "csv", "tensorboard"), folder=tmp_path / "t.run")
    for name, tensor in alone.tensors.items():
        assert torch.equal(tensor, watched.tensors[name]), name
    assert "monitors" not in watched.header.recipe
    epochs = rows(tmp_path / "t.run", "epochs.csv")
    assert [row["epoch"] for row in epochs] == ["1", "2", "3"]
    about = json.loads((tmp_path / "t.run" / "run.json").read_text())
    assert about["metrics"]["frame_accuracy"] == pytest.approx(
        watched.header.metrics["valid"]["frame_accuracy"]
    )
    assert float(epochs[about["kept_epoch"] - 1]["frame_accuracy"]) == pytest.approx(
        about["metrics"]["frame_accuracy"]
    )


def test_a_run_that_is_stopped_and_goes_on_says_so(splits, recipe, tmp_path, monkeypatch):
    recipe.training.epochs, state, folder = 3, tmp_path / "state", run_folder(tmp_path / "t.pt")
    run_epoch, calls = loop.run_epoch, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return run_epoch(*arguments)

    monkeypatch.setattr(loop, "run_epoch", interrupted)
    with pytest.raises(loop.TrainingInterruptedError):
        train(monitored(recipe, "csv"), state, folder=folder)
    assert json.loads((folder / "run.json").read_text())["status"] == "stopped"
    train(monitored(recipe, "csv"), state, resume=True, folder=folder)
    assert [row["epoch"] for row in rows(folder, "epochs.csv")] == ["1", "2", "3"]
    about = json.loads((folder / "run.json").read_text())
    assert about["status"] == "done" and about["went_on_after_step"] > 0


def test_a_training_that_fails_says_so(splits, recipe, tmp_path):
    recipe.training.learning_rate = 1e30
    with pytest.raises(Exception, match=r"became (infinite|nan|inf)"):
        train(monitored(recipe, "csv"), folder=tmp_path / "t.run")
    assert json.loads((tmp_path / "t.run" / "run.json").read_text())["status"] == "failed"


@pytest.mark.parametrize("task", ["lm", "classify", "tag", "parse"])
def test_tasks_show_the_answers_that_they_have(task, request, tmp_path, monkeypatch):
    from edgetext.model.checkpoint import Checkpoint
    from edgetext.recipe import Recipe
    from edgetext.training.monitors.table_files import TableMonitor

    starts = []
    monkeypatch.setattr(TableMonitor, "on_start", lambda self, start: starts.append(start))
    monkeypatch.setattr(TableMonitor, "on_epoch", lambda self, epoch: None)
    monkeypatch.setattr(TableMonitor, "on_end", lambda self, end: None)
    resolved = Checkpoint.load(request.getfixturevalue(task)).header.recipe
    recipe = Recipe.from_dict(resolved, overrides=["training.epochs=1", "monitors=[csv]"])
    train(recipe, folder=tmp_path / "t.run")
    (start,) = starts
    samples = start.samples()
    assert bool(samples) == (task != "lm")
    assert all(sample.text for sample in samples)
