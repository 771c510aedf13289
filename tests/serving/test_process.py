"""A server as a process of its own: its signals, its workers, and what it imports."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx2
import pytest
from server_process import ready, server

pytest.importorskip("uvicorn")
QUESTION = {"text": "a cheap hotel in Rome?"}


class Load(threading.Thread):
    """Asks again and again on a connection of its own, until it is refused one."""

    def __init__(self, address):
        super().__init__()
        self.address = address
        self.statuses, self.broken = [], []
        self.end = threading.Event()

    def run(self):
        with httpx2.Client() as client:
            while not self.end.is_set():
                try:
                    response = client.post(f"{self.address}/v1/predict", json=QUESTION)
                    self.statuses.append(response.status_code)
                except httpx2.ConnectError:
                    return
                except httpx2.TransportError as error:
                    self.broken.append(error)
                    return


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_when_requests_are_answered(classify_files, number):
    with server(classify_files.onnx) as (process, address, out):
        loads = [Load(address) for _ in range(4)]
        asked = [load.statuses for load in loads]
        for load in loads:
            load.start()
        while all(load.is_alive() for load in loads) and min(map(len, asked)) < 20:
            time.sleep(0.01)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        written = out.read_text()
        for load in loads:
            load.end.set()
            load.join()
    assert process.returncode == 0, err
    assert {status for load in loads for status in load.statuses} == {200}
    lines = [json.loads(line) for line in written.splitlines()]
    # Each answer that a client has read is a line, and no request was begun and dropped: a
    # connection that breaks is one on which a client had only just sent its next request.
    assert sum(line["status"] == 200 for line in lines) >= sum(len(x.statuses) for x in loads)
    assert "Traceback" not in err


def test_an_onnx_file_is_served_without_torch(classify_files):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from edgetext.serving.process import application\n"
        "from edgetext.serving.settings import Settings\n"
        "application(Settings(((Path(sys.argv[1]), None),)))\n"
        "print('torch' in sys.modules, 'starlette' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code, str(classify_files.onnx)]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "False False\n"


def test_other_commands_import_nothing_of_a_server(classify_files):
    code = (
        "import sys\n"
        "from edgetext.cli import main\n"
        "main(['predict', sys.argv[1], 'a'])\n"
        "print({'uvicorn', 'prometheus_client', 'edgetext.serving'} & set(sys.modules))\n"
    )
    command = [sys.executable, "-c", code, str(classify_files.onnx)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.slow
def test_workers_answer_on_one_port_and_count_together(classify_files):
    with server(classify_files.onnx, "--workers", 2) as (process, address, out):
        # The line with the address comes when all listen.
        for _ in range(40):
            assert httpx2.post(f"{address}/v1/predict", json=QUESTION).status_code == 200
        lines = httpx2.get(f"{address}/metrics").text.splitlines()
        assert 'edgetext_requests_total{model="classify",status="200"} 40.0' in lines
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        written = out.read_text()
    assert process.returncode == 0, err
    assert sum(json.loads(line)["path"] == "/v1/predict" for line in written.splitlines()) == 40


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced(classify_files):
    with server(classify_files.onnx, "--workers", 2) as (process, address, _):
        ready(address)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        lines = {child: Path(f"/proc/{child}/cmdline").read_text() for child in children}
        worker = next(child for child, line in lines.items() if "spawn_main" in line)
        os.kill(int(worker), signal.SIGKILL)
        assert "another one starts" in process.stderr.readline()
        ready(address)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0


@pytest.mark.slow
def test_workers_end_when_the_one_that_minds_them_is_killed(classify_files):
    with server(classify_files.onnx, "--workers", 2) as (process, address, _):
        process.kill()
        process.wait()
        # Whoever still held the address would answer here, beside a server that is started anew.
        for _ in range(300):
            try:
                httpx2.get(f"{address}/v2/health/live")
            except httpx2.TransportError:
                return
            time.sleep(0.1)
    raise AssertionError("workers serve on, with nobody to mind them")


def test_a_port_that_is_taken_is_said(classify_files, capfd):
    from edgetext.cli import main

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for workers in ("1", "2"):
            arguments = ["serve", str(classify_files.onnx), "--port", port, "--workers", workers]
            assert main(arguments) == 2
            assert f"127.0.0.1:{port}: the server cannot listen" in capfd.readouterr().err


def test_a_socket_is_listened_on_several_times():
    from edgetext.serving.process import ACCEPTED, bound, listeners

    sockets = listeners(bound("127.0.0.1", 0))
    try:
        assert len({one.fileno() for one in sockets}) == ACCEPTED > 1
        assert len({one.getsockname() for one in sockets}) == 1
    finally:
        for one in sockets:
            one.close()
