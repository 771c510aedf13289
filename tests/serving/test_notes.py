"""Lines for whoever runs a server."""

import sys

import pytest

from edgetext.serving.notes import note


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is there on Linux alone")
def test_a_full_disk_stops_nothing(monkeypatch):
    stream = open("/dev/full", "w")  # noqa: SIM115
    monkeypatch.setattr(sys, "stderr", stream)
    note("a line")
    monkeypatch.undo()
    with pytest.raises(OSError):
        stream.close()


def test_a_line_is_written_whole(capfd):
    note("one")
    note("another")
    assert capfd.readouterr().err == "one\nanother\n"
