"""`edgetext serve` as a process that is measured."""

import http.client
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("prometheus_client")

from edgetext.core.errors import EdgetextError
from edgetext.loadtest.server import Server
from edgetext.loadtest.usage import usage

# Starts a server, says its process and waits.
PROGRAM = """
import sys, time
from edgetext.loadtest.server import Server
server = Server([sys.argv[1]], 2)
print(server._process.pid, flush=True)
time.sleep(600)
"""


def until(condition):
    """Wait for what is bound to come."""
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come")


def test_all_processes_answer_and_all_end(classify_files):
    with Server([str(classify_files.onnx)], 2) as server:
        parts = urlsplit(server.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port)
        connection.request("GET", "/v2/health/ready")
        assert connection.getresponse().status == 200
        taken = server.usage()
        # The one that minds them, two that serve, and what multiprocessing needs.
        assert taken.processes >= 3
        assert taken.peak >= taken.resident > 1 << 20
        assert taken.processor > 0
        session = server._process.pid
    assert usage(session).processes == 0


def test_a_server_ends_with_whoever_started_it(classify_files):
    command = [sys.executable, "-c", PROGRAM, str(classify_files.onnx)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    session = int(process.stdout.readline())
    assert usage(session).processes >= 3
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    until(lambda: usage(session).processes == 0)


def test_what_a_server_refuses_is_said(tmp_path):
    with pytest.raises(EdgetextError, match=r"the server did not start: .*no\.onnx"):
        Server([str(tmp_path / "no.onnx")])
