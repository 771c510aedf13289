"""Which process has which trial."""

import threading

import pytest

from edgetext.core.files import alone_with
from edgetext.studies.claims import claimed, lock_path, wait_for_another
from edgetext.studies.study import running, stored_study


@pytest.fixture
def open_study(tmp_path):
    from optuna.pruners import NopPruner

    return lambda: stored_study(tmp_path, "test", NopPruner(), lowest=True)


def test_each_process_has_another_trial_and_leaves_no_lock(open_study, tmp_path):
    one, other = open_study(), open_study()
    with (
        claimed(one, tmp_path, 1, one.ask) as first,
        claimed(other, tmp_path, 1, other.ask) as second,
    ):
        assert (first.number, second.number) == (0, 1)
        one.tell(first, 1.0)
        other.tell(second, 1.0)
    assert not list(tmp_path.glob("*.lock"))


def test_what_a_process_left_behind_comes_first(open_study, tmp_path):
    study = open_study()
    with claimed(study, tmp_path, 1, study.ask) as trial:
        value = trial.suggest_float("x", 0, 1)
    begun = []
    again = open_study()
    with claimed(again, tmp_path, 1, lambda: begun.append(1)) as trial:
        assert trial.number == 0 and not begun
        assert trial.suggest_float("x", 0, 1) == value
        # What it had not chosen yet is chosen as it would have been.
        chosen = trial.suggest_float("y", 0, 1)
    with claimed(again, tmp_path, 1, lambda: None) as trial:
        assert trial.suggest_float("y", 0, 1) == chosen
        again.tell(trial, 1.0)
    with claimed(again, tmp_path, 1, lambda: begun.append(1)) as trial:
        assert trial is None and begun


def test_waiting_ends_with_the_trial(open_study, tmp_path):
    study = open_study()
    trial = study.ask()
    waited = threading.Thread(target=wait_for_another, args=(open_study(), tmp_path))
    with alone_with(lock_path(tmp_path, trial.number)):
        waited.start()
        assert running(study) == [0]
        assert waited.is_alive()
    waited.join()
    wait_for_another(study, tmp_path)  # whose lock is gone
