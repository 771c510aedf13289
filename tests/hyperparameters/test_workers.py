"""Processes at one folder."""

import signal

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.hyperparameters import workers
from edgetext.hyperparameters.search import opened


def test_others_are_told_to_stop_when_this_one_ends(job, monkeypatch):
    monkeypatch.setattr(workers, "work", lambda job: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        workers.work_together(job(trials=500), workers=2)
    trials = opened(job(trials=500)).get_trials(deepcopy=False)
    assert len(trials) < 500 and not list(job().folder.glob("*.lock"))


def test_a_process_of_another_parent_does_nothing(job, monkeypatch):
    monkeypatch.setattr(workers.os, "setpgid", lambda *_: None)
    monkeypatch.setattr(workers, "work", None)  # to call it would fail
    before = signal.getsignal(signal.SIGINT)
    assert workers.work_as_other(job(), 1, (), parent=-1) is None
    signal.signal(signal.SIGINT, before)


def test_torchrun_s_processes_are_refused(job, monkeypatch):
    fields = {"WORLD_SIZE": "2", "RANK": "0", "LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "2"}
    for name, value in fields.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(EdgetextError, match="start it without torchrun"):
        workers.work_together(job(), workers=1)
