"""All monitors of a training: which there are, and what becomes of one that fails."""

import logging

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.training.monitors import together
from edgetext.training.monitors.monitor import End, Monitor
from edgetext.training.monitors.together import Monitors, monitors_of


class Noting(Monitor):
    def __init__(self, error=None, at="on_epoch"):
        self.heard, self.error, self.at = [], error, at

    def _note(self, name):
        self.heard.append(name)
        if self.error is not None and self.at == name:
            raise self.error

    def on_start(self, start):
        self._note("on_start")

    def on_step(self, step):
        self._note("on_step")

    def on_epoch(self, epoch):
        self._note("on_epoch")

    def on_end(self, end):
        self._note(end.status)


def run(monitors, start):
    told = Monitors(monitors, start)
    told.begin(0)
    told.step(None)
    told.epoch(None)
    told.step(None)
    told.end(End("done"))


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("gone")])
def test_one_that_fails_is_left_out_and_the_others_go_on(start, caplog, error):
    failing, other = Noting(error), Noting()
    with caplog.at_level(logging.WARNING):
        run([failing, other], start)
    assert failing.heard == ["on_start", "on_step", "on_epoch"]
    assert other.heard == ["on_start", "on_step", "on_epoch", "on_step", "done"]
    (line,) = caplog.messages
    assert line.startswith("Noting is left out") and str(error) in line


def test_a_monitor_may_end_the_training(start):
    with pytest.raises(EdgetextError, match="enough"):
        run([Noting(EdgetextError("enough"))], start)


def test_where_one_cannot_begin_none_does(start):
    first = Noting()
    with pytest.raises(EdgetextError, match="no server"):
        run([first, Noting(EdgetextError("no server"), "on_start")], start)
    assert first.heard == ["on_start", "failed"]


def test_by_default_console_and_files(start, monkeypatch):
    from dataclasses import replace

    from edgetext.recipe import Recipe

    recipe = Recipe.load("assistant_joint")
    for there, names in (
        (None, ["ConsoleMonitor", "TableMonitor"]),
        (object(), ["ConsoleMonitor", "TableMonitor", "TensorBoardMonitor"]),
    ):
        monkeypatch.setattr(together, "find_spec", lambda name, there=there: there)
        assert [type(m).__name__ for m in monitors_of(recipe, start)._monitors] == names
    (only,) = monitors_of(recipe, replace(start, folder=None))._monitors
    assert type(only).__name__ == "ConsoleMonitor"
    recipe = Recipe.load("assistant_joint", ["monitors=[{type: csv, every: 3}]"])
    (only,) = monitors_of(recipe, start)._monitors
    assert only.config.every == 3


@pytest.mark.parametrize(
    ("monitors", "sentence"),
    [
        ("[consol]", r"monitors\.0\.type: consol is not a type of monitor; did you mean console"),
        ("[{type: csv, evry: 3}]", r"monitors\.0.*evry.*did you mean every"),
        ("7", r"monitors"),
    ],
)
def test_a_wrong_choice_is_refused_by_its_place(monitors, sentence):
    from edgetext.recipe import Recipe

    with pytest.raises(EdgetextError, match=sentence):
        Recipe.load("assistant_joint", [f"monitors={monitors}"])


def test_what_hinders_a_monitor_is_said_in_words(start):
    blocked = Noting(FileExistsError(17, "File exists"), "on_start")
    with pytest.raises(EdgetextError, match=r"Noting cannot begin \(.*File exists.*monitors"):
        run([blocked], start)


@pytest.mark.parametrize("error", [EdgetextError("the disk is full"), OSError(28, "full")])
def test_the_end_is_told_to_all_and_ends_nothing(start, caplog, error):
    failing, other = Noting(error, "done"), Noting()
    with caplog.at_level(logging.WARNING):
        run([failing, other], start)
    assert other.heard[-1] == "done"
    assert "Noting could not note how the run ended" in caplog.text and "full" in caplog.text


def test_the_same_monitor_twice_is_refused(start):
    from edgetext.recipe import Recipe

    recipe = Recipe.load("assistant_joint", ["monitors=[console, csv, csv]"])
    with pytest.raises(EdgetextError, match="csv is there twice"):
        monitors_of(recipe, start)
