"""`edgetext serve --grpc-port` as a process: its line, end, workers, and ports that are taken."""

import signal
import socket
import threading
import time

import pytest
from server_process import free_port, ready, server

grpc = pytest.importorskip("grpc", reason="pip install 'edgetext[grpc]'")
from grpc_client import Client  # noqa: E402

ASKED = {
    "model_name": "classify",
    "inputs": [
        {
            "name": "text",
            "datatype": "BYTES",
            "shape": [1],
            "contents": {"bytes_contents": [b"a cheap hotel in Rome?"]},
        }
    ],
}


class Load(threading.Thread):
    """Asks again and again until the server is gone."""

    def __init__(self, port):
        super().__init__()
        self.client = Client(port)
        self.answered, self.codes = 0, set()

    def run(self):
        while True:
            try:
                self.client.call("ModelInfer", **ASKED)
                self.answered += 1
            except grpc.RpcError as error:
                self.codes.add(error.code().name)
                return


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_when_calls_are_answered(classify_files, number):
    port = free_port()
    with server(classify_files.onnx, "--grpc-port", port) as (process, _, out):
        loads = [Load(port) for _ in range(3)]
        for load in loads:
            load.start()
        while all(load.is_alive() for load in loads) and min(x.answered for x in loads) < 20:
            time.sleep(0.01)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        lines = out.read_text().splitlines()
        for load in loads:
            load.join(60)
    assert process.returncode == 0 and "Traceback" not in err, err
    # What a client sends while the server closes is not begun: no line is of such a call.
    assert set().union(*(load.codes for load in loads)) <= {"UNAVAILABLE", "CANCELLED"}
    assert all('"status":200' in line for line in lines)
    assert len(lines) >= sum(load.answered for load in loads)


@pytest.mark.slow
def test_workers_share_the_port_and_count_together(classify_files):
    import httpx2

    port = free_port()
    arguments = (classify_files.onnx, "--grpc-port", port, "--workers", 2)
    with server(*arguments) as (process, address, _):
        ready(address)
        for _ in range(20):
            # A connection a call, of which the kernel gives each to one of the workers.
            client = Client(port, options=[("grpc.use_local_subchannel_pool", 1)])
            client.call("ModelInfer", **ASKED)
            client.channel.close()
        page = httpx2.get(f"{address}/metrics").text
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert 'edgetext_requests_total{model="classify",status="200"} 20.0' in page


def test_a_port_that_is_taken_is_said(classify_files, capfd):
    from edgetext.cli import main

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for workers in ("1", "2"):
            arguments = ["serve", str(classify_files.onnx), "--port", "0", "--grpc-port", port]
            assert main([*arguments, "--workers", workers]) == 2
            err = capfd.readouterr().err
            assert f"127.0.0.1:{port}: the server cannot listen" in err and "--grpc-port" in err


def test_without_a_port_nothing_of_grpc_is_imported(classify_files):
    import subprocess
    import sys

    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from edgetext.serving.process import application, grpc_listener\n"
        "from edgetext.serving.settings import Settings\n"
        "settings = Settings(((Path(sys.argv[1]), None),))\n"
        "print(grpc_listener(application(settings), settings, shared=False))\n"
        "print('grpc' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code, str(classify_files.onnx)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "None\nFalse\n", done.stderr
