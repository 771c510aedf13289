"""A visdom server of its own, and what it was shown."""

import json
import socket
import subprocess
import sys
import time

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.training.monitors.monitor import End
from edgetext.training.monitors.together import Monitors
from edgetext.training.monitors.visdom import VisdomMonitor

visdom = pytest.importorskip("visdom", reason="visdom is not installed")


@pytest.fixture
def server(tmp_path):
    """Its port, and its process; without the scripts for browsers, which it would fetch."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    program = "from visdom.server.run_server import main; main()"
    arguments = [sys.executable, "-c", program, "-port", str(port), "-env_path", str(tmp_path)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(arguments, **quiet)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("localhost", port)) == 0:
                break
        time.sleep(0.1)
    yield port, process
    process.kill()
    process.wait()


def monitor(port):
    config = VisdomMonitor.Config(server=f"http://localhost:{port}", every=2)
    return VisdomMonitor(config)


def test_curves_and_answers_are_shown(server, start, told):
    told(monitor(server[0]), start, end=End("done", 2))
    client = visdom.Visdom(port=server[0], env="tiny", use_incoming_socket=False)
    windows = json.loads(client.get_window_data(env="tiny"))
    assert windows["train/loss"]["content"]["data"][0]["x"] == [2, 4, 6, 8]
    assert windows["valid/accuracy"]["content"]["data"][0]["y"] == pytest.approx([0.4, 0.8])
    assert "&lt;b&gt;hi&lt;/b&gt;" in windows["answers"]["content"]


def test_a_server_that_goes_away_does_not_end_the_training(server, start, caplog):
    from torch import tensor

    from edgetext.training.monitors.monitor import Step

    port, process = server
    monitors = Monitors([monitor(port)], start)
    monitors.begin(0)
    process.kill()
    process.wait()
    for number in (2, 4):
        monitors.step(Step(number, 1, tensor(1.0), 0.1))
    monitors.end(End("done"))
    assert len([m for m in caplog.messages if m.startswith("VisdomMonitor is left out")]) == 1


def test_without_a_server_the_training_does_not_begin(start):
    with pytest.raises(EdgetextError, match="no visdom server answers at http://localhost:1;"):
        monitor(1).on_start(start)


@pytest.mark.parametrize("server", ["localhost:1", "http://[::1", "http://localhost:99999999", ""])
def test_what_is_no_address_is_said(start, server):
    with pytest.raises(EdgetextError, match="is no address; write it as http://HOST:PORT"):
        VisdomMonitor(VisdomMonitor.Config(server=server)).on_start(start)
