"""The study: who chooses, who prunes, which trial is best, and which field matters."""

import pytest

from edgetext.hyperparameters.study import (
    begun,
    best_of,
    has_learnt,
    importances,
    open_study,
)
from edgetext.studies.study import has_waiting, running, sampler_of


@pytest.fixture
def study(tmp_path):
    return open_study(tmp_path, "none", 4, lowest=False)


def train(study, count):
    """Trials whose value is that of `much`, and of little else."""
    for _ in range(count):
        trial = study.ask()
        study.sampler = sampler_of(1, trial.number)
        much = trial.suggest_float("much", 0, 1)
        little = trial.suggest_float("little", 0, 1)
        trial.report(much, 1)
        study.tell(trial, much + little / 1000)


def test_trials_are_counted_by_what_they_are(study):
    study.enqueue_trial({"much": 0.5})
    assert has_waiting(study) and begun(study) == 0 and not has_learnt(study)
    trial = study.ask()
    assert not has_waiting(study) and running(study) == [0] and begun(study) == 1
    trial.report(0.1, 1)
    assert has_learnt(study) and best_of(study) is None
    study.tell(trial, 0.1)
    assert running(study) == [] and best_of(study).number == 0


def test_of_equals_the_first_is_best_and_the_lowest_where_that_is_better(tmp_path):
    for lowest, number in ((False, 1), (True, 0)):
        (tmp_path / str(lowest)).mkdir()
        study = open_study(tmp_path / str(lowest), "median", 4, lowest=lowest)
        for value in (0.1, 0.3, 0.3, 0.1):
            study.tell(study.ask(), value)
        assert best_of(study).number == number


def test_a_trial_s_choice_goes_with_its_number(tmp_path):
    chosen = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        study = open_study(tmp_path / name, "hyperband", 4, lowest=False)
        train(study, 7)
        chosen.append([trial.params for trial in study.trials])
    assert chosen[0] == chosen[1] and len({p["much"] for p in chosen[0]}) == 7


@pytest.mark.parametrize("installed", [True, False])
def test_the_field_that_decides_is_the_most_important(study, monkeypatch, installed):
    import sys

    if installed:
        pytest.importorskip("sklearn", reason="fANOVA fits a forest of scikit-learn")
    else:
        monkeypatch.setitem(sys.modules, "sklearn", None)
    train(study, 20)
    shares = importances(study)
    assert next(iter(shares)) == "much" and set(shares) == {"much", "little"}
