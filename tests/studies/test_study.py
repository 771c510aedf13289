"""The study in its folder."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.studies.study import JOURNAL, has_waiting, running, sampler_of, stored_study


@pytest.fixture
def open_study(tmp_path):
    from optuna.pruners import NopPruner

    return lambda: stored_study(tmp_path, "test", NopPruner(), lowest=True)


def test_a_study_is_there_for_all_who_open_it(open_study):
    one = open_study()
    one.enqueue_trial({"x": 0.5})
    other = open_study()
    assert has_waiting(other)
    assert other.ask().suggest_float("x", 0, 1) == 0.5
    assert running(one) == [0] and not has_waiting(one)


def test_what_a_trial_is_depends_on_seed_and_number(open_study):
    def chosen(seed, number):
        study = open_study()
        trial = study.ask()
        study.sampler = sampler_of(seed, number)
        return trial.suggest_float("x", 0, 1)

    assert chosen(1, 3) == chosen(1, 3)
    assert len({chosen(1, 3), chosen(1, 4), chosen(2, 3)}) == 3


@pytest.mark.parametrize(
    "content",
    ["no journal\n" * 2, json.dumps({"op_code": 99, "worker_id": "a"}) + "\n", "[1]\n", "{}\n"],
)
def test_a_journal_that_optuna_does_not_know_is_said_in_one_sentence(open_study, tmp_path, content):
    (tmp_path / JOURNAL).write_text(content)
    with pytest.raises(EdgetextError, match=r"optuna [\d.]+ cannot read this study; use"):
        open_study()
    assert (tmp_path / JOURNAL).read_text() == content


def test_a_journal_that_cannot_be_written_is_said_in_one_sentence(open_study, tmp_path):
    (tmp_path / JOURNAL).mkdir()
    with pytest.raises(EdgetextError, match="the study cannot be written"):
        open_study()
