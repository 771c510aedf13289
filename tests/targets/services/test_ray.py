"""A Ray Serve application: it answers over HTTP as `predict --json` does."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from edgetext.predictor import load

TEXT = "is it cold in Zürich tomorrow?"


def test_the_folder(joint_files, folder_of):
    folder = folder_of("ray", joint_files.onnx)
    files = {path.name for path in folder.iterdir()}
    assert files == {".edgetext-service", "app.py", "requirements.txt", joint_files.onnx.name}
    program = (folder / "app.py").read_text()
    compile(program, "app.py", "exec")
    assert f'with_name("{joint_files.onnx.name}")' in program


def ask(port, body):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.fixture
def port(joint_files, folder_of):
    """The application, run by Ray in a process group of its own."""
    pytest.importorskip("ray.serve", reason="ray[serve] is not installed")
    folder = folder_of("ray", joint_files.onnx)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    program = (
        "import signal, ray; ray.init(num_cpus=2, include_dashboard=False); "
        "from ray import serve; from app import app; "
        f"serve.start(http_options={{'port': {number}}}); serve.run(app); signal.pause()"
    )
    paths = os.pathsep.join([str(folder), str(Path(__file__).parents[3])])
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(1200):
            assert process.poll() is None, "the application ended"
            try:
                if ask(number, {"text": TEXT})[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield number
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def test_it_answers_over_http(joint_files, port):
    model = load(joint_files.onnx)
    expected = model.predict(TEXT).as_json(TEXT.encode(), 2)
    assert ask(port, {"text": TEXT, "top": 2}) == (200, expected)
    status, several = ask(port, {"texts": [TEXT, "fly to Oslo"]})
    assert status == 200 and [row["intent"] for row in several["answers"]] == ["weather", "flight"]
    for body, words in (
        ({}, "give an object with text, or with texts"),
        ({"texts": []}, "texts must be a list, and not an empty one"),
        ({"text": 5}, "the model reads 1 text(s)"),
        ({"text": TEXT, "text_b": ""}, "the model reads 1 text(s)"),
        ({"text": TEXT, "top": 0}, "top must be a whole number"),
    ):
        status, answer = ask(port, body)
        assert status == 400 and words in answer["error"], body
