"""What a search is, and whether a folder holds it."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.hyperparameters.job import goes_on


def test_the_task_or_an_option_says_what_decides(job):
    assert job().watched(job().recipe()) == ("accuracy", False)
    other = job(metric="macro_f1")
    assert other.recipe().training.monitor == ["macro_f1"]
    assert other.watched(other.recipe()) == ("macro_f1", False)
    lowest = job(metric="-loss")
    assert lowest.watched(lowest.recipe()) == ("loss", True)
    assert job(metric="perplexity").monitored() == ["training.monitor=-perplexity"]


def test_runs_are_noted_in_files_alone(job):
    assert [each.type for each in job().recipe().monitors] == ["csv"]
    visdom = job(overrides=["monitors=[console, mlflow]"])
    assert [each.type for each in visdom.recipe().monitors] == ["csv", "mlflow"]


def test_a_folder_holds_one_search(job, tmp_path):
    this = job()
    this.folder.mkdir()
    assert not goes_on(this, this.recipe(), learnt=False)
    assert goes_on(this, this.recipe(), learnt=True)
    other = job(pruner="none")
    with pytest.raises(EdgetextError, match="holds a search with another pruner"):
        goes_on(other, other.recipe(), learnt=True)
    assert not goes_on(other, other.recipe(), learnt=False)  # nothing is lost by it


def test_other_files_are_left_alone(job, tmp_path):
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "letter.txt").write_text("dear")
    with pytest.raises(EdgetextError, match="there are other files in it"):
        goes_on(job(), job().recipe(), learnt=False)


def test_time_is_over(job):
    assert not job().is_over() and not job(minutes=5).is_over()
    assert job(minutes=1e-9).is_over()
