"""What tests of commands share."""

import pytest

from edgetext.cli import main


@pytest.fixture
def refused(capfd, tmp_path):
    """refused(arguments) -> the one line on stderr, native code's own included."""

    def run(*arguments):
        before = sorted(tmp_path.rglob("*"))
        capfd.readouterr()
        assert main([str(argument) for argument in arguments]) == 2
        captured = capfd.readouterr()
        assert captured.err.startswith("edgetext: error: ") and captured.err.count("\n") == 1
        assert captured.err.rstrip("\n").isprintable()
        assert sorted(tmp_path.rglob("*")) == before
        return captured.err

    return run
