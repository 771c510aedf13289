"""The lines of requests, where what they are written to takes no more."""

import asyncio
import errno
import json
import os
import sys
import time

import pytest

from edgetext.serving.exchange import Request
from edgetext.serving.request_log import RequestLog


@pytest.fixture
def stream(tmp_path):
    with (tmp_path / "log").open("w+") as file:
        yield file


def write(log, path):
    """Write the line of a request to a path."""

    async def one():
        log.write(Request("GET", path, {}, time.perf_counter()), 200, 0.001)
        log.flush()

    asyncio.run(one())


def paths(stream):
    stream.seek(0)
    return [json.loads(line)["path"] for line in stream.read().splitlines()]


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is there on Linux alone")
def test_a_full_disk_loses_lines_and_is_said_once(stream, capfd):
    log = RequestLog(stream=stream)
    write(log, "/before")
    kept, full = os.dup(stream.fileno()), os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, stream.fileno())
    for _ in range(3):
        write(log, "/lost")
    os.dup2(kept, stream.fileno())
    os.close(kept)
    os.close(full)
    write(log, "/after")
    said = capfd.readouterr().err.splitlines()
    assert len(said) == 2
    assert "cannot be written (No space left on device)" in said[0]
    assert "up to 3 were lost" in said[1]
    assert paths(stream) == ["/before", "/after"]


def test_a_part_of_a_line_is_not_joined_to_the_next(stream, monkeypatch):
    log, write_all, calls = RequestLog(stream=stream), os.write, []

    def fill(descriptor, content):
        calls.append(content)
        if len(calls) == 1:
            return write_all(descriptor, content[:9])
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_all(descriptor, content)

    monkeypatch.setattr(os, "write", fill)
    write(log, "/lost")
    write(log, "/after")
    stream.seek(0)
    part, line = stream.read().splitlines()
    assert part == '{"time":"' and json.loads(line)["path"] == "/after"


def test_a_pipe_that_nobody_reads_any_more_stops_nothing(capfd):
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w") as stream:
        log = RequestLog(stream=stream)
        write(log, "/lost")
        write(log, "/lost")
    assert capfd.readouterr().err.count("cannot be written (Broken pipe)") == 1
