"""Processes at one folder."""

import os
import signal
import time

import pytest

from edgetext.core.errors import EdgetextError, StoppedError
from edgetext.studies import workers


def wait_for_ctrl_c(folder):
    """What the other process does: says that it is there, and works until it is told to stop."""
    (folder / "there").touch()
    try:
        while True:
            time.sleep(0.01)
    except KeyboardInterrupt:
        (folder / "told").touch()
        raise


def die(folder):
    os.kill(os.getpid(), signal.SIGKILL)


def leave_words(folder):
    (folder / "other").touch()


def test_others_are_told_to_stop_when_this_one_ends(tmp_path):
    def here():
        while not (tmp_path / "there").exists():
            time.sleep(0.01)
        raise StoppedError("stopped")

    with pytest.raises(StoppedError):
        workers.work_together(here, wait_for_ctrl_c, tmp_path, 2)
    assert (tmp_path / "told").exists()


def test_this_one_takes_over_what_a_killed_one_left(tmp_path, caplog):
    times = []
    workers.work_together(lambda: times.append(1), die, tmp_path, 2)
    assert len(times) == 2
    assert "ended early; this one takes its trial over" in caplog.text


def test_one_process_works_alone(tmp_path):
    times = []
    workers.work_together(lambda: times.append(1), leave_words, tmp_path, 1)
    assert times == [1] and not (tmp_path / "other").exists()
    assert not workers.is_orphan()


def test_torchrun_s_processes_are_refused(monkeypatch):
    workers.check_is_one_process("compress")
    fields = {"WORLD_SIZE": "2", "RANK": "0", "LOCAL_RANK": "0", "LOCAL_WORLD_SIZE": "2"}
    for name, value in fields.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(EdgetextError, match=r"`compress` trains .* start it without torchrun"):
        workers.check_is_one_process("compress")
