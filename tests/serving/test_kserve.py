"""Clients of the Open Inference Protocol that others wrote: those of KServe."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from server_process import free_port, server

pytest.importorskip("grpc", reason="pip install 'edgetext[grpc]'")
pytestmark = pytest.mark.skipif(find_spec("kserve") is None, reason="pip install kserve")
CLIENT = Path(__file__).parents[1] / "helpers" / "kserve_client.py"
TEXTS = ["fly to Zürich on Monday", "a cheap hotel in Rome?"]


@pytest.fixture(scope="module")
def addresses(hashed_files):
    """The addresses by what is spoken there."""
    port = free_port()
    with server(f"{hashed_files.onnx}=trips", "--grpc-port", port) as (_, http, _):
        yield {"rest": http, "grpc": f"127.0.0.1:{port}"}


@pytest.mark.slow
@pytest.mark.parametrize("form", ["typed", "raw"])
@pytest.mark.parametrize("way", ["rest", "grpc"])
def test_texts_are_answered_as_in_the_file(addresses, hashed_files, way, form):
    import edgetext
    from edgetext.predictor import as_array

    command = [sys.executable, str(CLIENT), way, addresses[way], "trips", form, *TEXTS]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    response = json.loads(done.stdout.splitlines()[-1])
    assert response["ready"] == [True] * 3
    assert (response["id"], response["model"]) == ("7", "trips")
    outputs = {name: np.array(rows) for name, rows in response["outputs"].items()}
    session = edgetext.load(hashed_files.onnx).session
    for number, text in enumerate(TEXTS):
        expected = session.run(as_array(text.encode(), 64))
        np.testing.assert_allclose(outputs["scores"][number], expected[0][0], atol=1e-6)
        rows = outputs["spans"][outputs["spans"][:, 0] == number]
        assert rows[:, 1:].tolist() == expected[1][0].tolist()
