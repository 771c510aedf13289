"""What is said while work goes on: silence in a library, the same lines and bars on the screen."""

import logging
import subprocess
import sys

import pytest

from edgetext.core import console


def say():
    log = console.logger("edgetext.somewhere")
    log.info("epoch 1/2  [not markup] :smile: %s", "x" * 100)
    log.warning("a.tsv: 2 lines skipped")


def test_nothing_is_shown_where_logging_is_not_configured():
    program = """
from edgetext.core import console
console.logger("edgetext.somewhere").warning("a warning")
with console.bar() as bar:
    bar.add_task("working", total=3)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")


def test_the_command_line_shows_whole_lines_on_stderr(capsys):
    with console.shown():
        say()
    say()
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        f"epoch 1/2  [not markup] :smile: {'x' * 100}",
        "warning: a.tsv: 2 lines skipped",
    ]


def test_lines_of_several_processes_say_whose_they_are(capsys):
    with console.shown(), console.led_by("[2] "):
        say()
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("[2] epoch 1/2") and lines[1].startswith("[2] warning: a.tsv")
    with console.shown():
        say()
    assert capsys.readouterr().err.startswith("epoch 1/2")


def test_a_caller_silences_the_console(capsys):
    console.console().quiet = True
    try:
        with console.shown():
            say()
    finally:
        console.console().quiet = False
    assert capsys.readouterr().err == ""


def test_logging_as_others_configure_it_gets_the_lines(caplog):
    say()
    with caplog.at_level(logging.INFO, "edgetext"):
        say()
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "WARNING"]


@pytest.mark.parametrize("asked", [True, False])
def test_bars_are_drawn_where_they_are_asked_for_and_seen(asked, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    console.progress(asked)
    try:
        assert console.bar().disable is not asked
        with console.shown():
            assert not console.bar().disable
        assert console.bar().disable is not asked
    finally:
        console.progress(False)


def test_a_handler_that_a_library_gives_the_root_logger_prints_nothing_again(capsys):
    handler = logging.StreamHandler()
    logging.getLogger().addHandler(handler)
    try:
        with console.shown():
            say()
    finally:
        logging.getLogger().removeHandler(handler)
    assert capsys.readouterr().err.count("lines skipped") == 1
    assert logging.getLogger("edgetext").propagate


def test_what_is_wrong_about_several_processes_hinders_no_other_command(capsys, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    with console.shown():
        say()
    assert "epoch 1/2" in capsys.readouterr().err
