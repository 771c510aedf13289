"""Searches over the tiny recipe: begun, stopped, gone on with, and by several processes."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.hyperparameters import trial as trial_module
from edgetext.hyperparameters.search import opened, search, work
from edgetext.model.model import Model
from edgetext.recipe import Recipe
from edgetext.training.loop import TrainingInterruptedError
from edgetext.training.recorded import recorded_runs
from edgetext.training.run import train


def ended(job):
    """(values, metric, state) of each trial."""
    trials = opened(job).get_trials(deepcopy=False)
    return [(trial.params, trial.value, trial.state.name) for trial in trials]


def test_the_best_is_the_model_of_its_recipe(job, tmp_path):
    work(job(trials=3))
    trials = ended(job())
    assert trials[0][0]["training.learning_rate"] == 0.01  # the recipe's own
    assert [state for *_, state in trials] == ["COMPLETE"] * 3
    best = Model.load(job().folder / "best.pt")
    assert best.header.metrics["valid"]["accuracy"] == max(value for _, value, _ in trials)
    again = train(Recipe.load(job().folder / "best.yaml"))
    assert again.header.metrics == best.header.metrics
    assert {n: t.tolist() for n, t in again.tensors.items()} == {
        n: t.tolist() for n, t in best.tensors.items()
    }
    runs = recorded_runs([job().folder])
    assert len(runs) == 3 and {run.about["status"] for run in runs} == {"done"}
    assert len(list(job().folder.glob("0*.pt"))) == 1  # the best one's
    assert not list(job().folder.glob("*.lock"))


def test_a_search_that_was_stopped_ends_like_another(job, tmp_path, monkeypatch):
    whole = job(folder=tmp_path / "whole", trials=3)
    work(whole)
    report = trial_module.Watch.__call__

    def stopped(self, epoch, metrics):
        report(self, epoch, metrics)
        if self.trial.number == 1 and epoch == 1 and not (tmp_path / "stopped").exists():
            (tmp_path / "stopped").touch()
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(trial_module.Watch, "__call__", stopped)
    with pytest.raises(TrainingInterruptedError):
        work(job(trials=3))
    assert [state for *_, state in ended(job())] == ["COMPLETE", "RUNNING"]
    assert (job().folder / "0001.pt.resume").exists()
    work(job(trials=3))
    assert ended(job()) == ended(whole)
    assert not (job().folder / "0001.pt.resume").exists()


def test_a_search_that_was_killed_ends_like_another(job, tmp_path):
    whole = job(folder=tmp_path / "whole", words=["encoder.hidden=16|24"], overrides=[])
    work(whole)
    killed = job(words=["encoder.hidden=16|24"], overrides=[])
    words = ["--search", "encoder.hidden=16|24", "--trials", "2", "-o", str(killed.folder)]
    process = subprocess.Popen(
        [sys.executable, "-m", "edgetext", "search-params", killed.path, *words],
        stderr=subprocess.DEVNULL,
    )
    epochs = killed.folder / "0000.run" / "epochs.csv"
    while process.poll() is None and not epochs.exists():
        time.sleep(0.01)
    process.kill()
    process.wait()
    work(killed)
    assert ended(killed) == ended(whole)


def test_a_trial_of_a_living_process_is_left_to_it(job):
    from edgetext.core.files import alone_with

    study = opened(job(trials=2))
    study.ask()
    with alone_with(job().folder / "0000.lock"):
        work(job(trials=2))
        assert [state for *_, state in ended(job())] == ["RUNNING", "COMPLETE"]
    work(job(trials=2))
    assert [state for *_, state in ended(job())] == ["COMPLETE", "COMPLETE"]


def test_time_that_is_over_leaves_what_goes_on(job):
    work(job(minutes=1e-9))
    assert [state for *_, state in ended(job())] == ["WAITING"]


def test_two_processes_share_the_trials(job):
    search(job(trials=4), workers=2)
    trials = ended(job())
    assert [state for *_, state in trials] == ["COMPLETE"] * 4
    assert len({json.dumps(params, sort_keys=True) for params, *_ in trials}) == 4
    assert (job().folder / "best.pt").exists()


def test_a_recipe_that_cannot_be_trained_is_said_at_once(job):
    with pytest.raises(EdgetextError, match="this task has no metric accurate"):
        work(job(metric="accurate"))
    work(job(metric="macro_f1", trials=1))  # mended, in the same folder
    assert [state for *_, state in ended(job(metric="macro_f1"))] == ["COMPLETE"]


def test_a_trial_that_fails_is_noted_and_others_go_on(job):
    words = ["encoder.hidden=16|24", "training.max=0|1"]
    with pytest.raises(EdgetextError, match=r"training\.max is not a field"):
        job(words)
    # A file that only training looks for.
    broken = job(["text.vocabulary_file=null|missing.txt", "encoder.hidden=16|24"], trials=6)
    work(broken)
    states = [state for *_, state in ended(broken)]
    assert states[0] == "COMPLETE" and "FAIL" in states
    failed = opened(broken).get_trials(deepcopy=False)[states.index("FAIL")]
    assert "missing.txt: recipe" in failed.user_attrs["note"]


def test_the_command_prints_the_trials_and_goes_on(data, tmp_path, capsys):
    words = [
        *("search-params", str(data / "classify.yaml"), "-o", str(tmp_path / "s")),
        *("--search", "training.learning_rate=log:0.001..0.05", "--set", "training.epochs=1"),
        *("--set", "encoder={type: bag, embedding: 16, hidden: 16}", "--pruner", "hyperband"),
    ]
    assert main([*words, "--trials", "2"]) == 0
    printed = capsys.readouterr().out
    assert "learning_rate" in printed and printed.count("best") >= 2
    assert f"next: edgetext distill {tmp_path}/s/best.pt" in printed
    assert "importance" not in printed  # of too few trials
    assert main([*words, "--trials", "10"]) == 0
    printed = capsys.readouterr().out
    assert len([line for line in printed.splitlines() if line[:1].isdigit()]) == 10
    assert main([*words, "--metric", "macro_f1"]) == 2
    assert "holds a search with another" in capsys.readouterr().err
    assert main(["runs", str(tmp_path / "s")]) == 0
    assert "0009.run" in capsys.readouterr().out
