"""The server keeps what `/openapi.json` says, by the requests that schemathesis makes of it."""

import subprocess
import sys
from pathlib import Path

import pytest
from server_process import server

pytest.importorskip("schemathesis", reason="pip install schemathesis")
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.slow
@pytest.mark.parametrize("token", [False, True])
def test_nothing_is_otherwise_than_it_is_described(
    hashed_files, classify_files, batch_files, token, tmp_path
):
    secret = tmp_path / "token"
    secret.write_text("secret")
    models = [f"{hashed_files.onnx}=joint", f"{classify_files.onnx}=classify"]
    arguments = [f"{batch_files.int8}=batch", *(["--token-file", secret] if token else [])]
    # With /v1/feedback and /v1/evaluation.
    with server(*models, *arguments, "--no-log", "--feedback") as (process, address, _):
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", CONFIG, "run"]
        options = ["--checks", "all", "--max-examples", "3", "--seed", "0", "--no-color"]
        shown = ["--header", "Authorization: Bearer secret"] if token else []
        done = subprocess.run(
            [*map(str, command), f"{address}/openapi.json", *options, *shown],
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr
        assert "No issues found" in done.stdout
        assert process.poll() is None
