"""answer.mjs and answer.py give what a runtime answered, over runtimes that the tests make up."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).resolve().parents[2] / "android_demo" / "web"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js: install nodejs")
needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="install chromium")

# Answers with the sum and the bytes of its texts; "!" fails, "?" ends the page or the process.
RUNTIME = """
class Tensor {
  constructor(type, data, dims) {
    Object.assign(this, { type, data, dims });
  }
}
const run = async (feeds) => {
  const bytes = Object.values(feeds).flatMap(({ data }) => [...data]);
  if (bytes[0] === 33) throw 77;
  if (bytes[0] === 63) await end();
  const sum = BigInt(bytes.reduce((one, other) => one + other, 0));
  return {
    sum: new Tensor("int64", BigInt64Array.of(sum), [1]),
    bytes: new Tensor("uint8", Uint8Array.from(bytes), [1, bytes.length]),
  };
};
const create = async (file) => {
  const names = await read(file);
  if (!names.startsWith("text")) throw new Error("no model");
  return { inputNames: names.split(","), run };
};
"""
NODE = """
const read = (path) => require("node:fs").readFileSync(path, "utf8");
const end = () => process.abort();
module.exports = { Tensor, InferenceSession: { create } };
"""
PAGE = """
const read = (bytes) => new TextDecoder().decode(bytes);
const end = () => new Promise(() => {});
export { Tensor };
export const env = { wasm: {} };
export const InferenceSession = { create };
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packages") / "node_modules"
    node, page = folder / "onnxruntime-node", folder / "onnxruntime-web" / "dist"
    node.mkdir(parents=True)
    page.mkdir(parents=True)
    (node / "index.js").write_text(RUNTIME + NODE)
    for entry in ("wasm", "webgpu"):
        (page / f"ort.{entry}.min.mjs").write_text(RUNTIME + PAGE)
    return folder


def question(*texts: list[bytes]) -> str:
    return json.dumps([[base64.b64encode(text).decode() for text in one] for one in texts])


def in_node(model: Path, packages: Path, texts: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", str(WEB / "answer.mjs"), str(model)],
        input=texts,
        env={**os.environ, "NODE_PATH": str(packages)},
        capture_output=True,
        text=True,
    )


def in_page(
    model: Path, packages: Path, texts: str, *options: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(WEB / "answer.py"), str(model), "--packages", str(packages)]
    return subprocess.run([*command, *options], input=texts, capture_output=True, text=True)


HOSTS = [
    pytest.param(in_node, marks=needs_node),
    pytest.param(in_page, marks=[needs_chromium, pytest.mark.slow]),
]


def lines(done: subprocess.CompletedProcess[str]) -> list[Any]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("host", HOSTS)
def test_every_text_has_its_tensors_or_a_sentence(host, packages, tmp_path):
    model = tmp_path / "model.onnx"
    model.write_text("text,text_b")
    done = host(model, packages, question([b"\xff", b"\x00"], [b"!", b""], [b"a"], [b"a", b""]))
    assert done.returncode == 0, done.stderr
    first, thrown, alone, last = lines(done)
    assert first["outputs"] == {
        "sum": {"dims": [1], "type": "int64", "data": [255]},
        "bytes": {"dims": [1, 2], "type": "uint8", "data": [255, 0]},
    }
    assert thrown == {"error": "The model could not be run: 77"}
    assert "reads 2 text(s) at a time, not 1" in alone["error"]
    assert last["outputs"]["bytes"]["data"] == [97]


@pytest.mark.parametrize("host", HOSTS)
def test_a_model_that_does_not_load_is_a_sentence_for_every_text(host, packages, tmp_path):
    model = tmp_path / "model.onnx"
    model.write_text("something else")
    done = host(model, packages, question([b"a"], [b"b"]))
    assert lines(done) == [{"error": "The model could not be loaded: no model"}] * 2


@needs_node
def test_where_the_process_ends_the_answers_end(packages, tmp_path):
    model = tmp_path / "model.onnx"
    model.write_text("text")
    done = in_node(model, packages, question([b"a"], [b"?"], [b"b"]))
    assert done.returncode < 0
    assert len(lines(done)) == 1


@needs_chromium
@pytest.mark.slow
def test_where_the_page_hangs_the_answers_end(packages, tmp_path):
    model = tmp_path / "model.onnx"
    model.write_text("text")
    texts = question([b"a"], [b"?"], [b"b"])
    done = in_page(model, packages, texts, "--patience", "15", "--entry", "webgpu")
    assert done.returncode == 1
    assert "said nothing for 15 seconds" in done.stderr
    assert len(lines(done)) == 1


@needs_node
def test_a_runtime_that_is_not_there_is_a_sentence(tmp_path):
    done = in_node(tmp_path / "model.onnx", tmp_path, "[]")
    assert done.returncode == 2
    assert "set NODE_PATH" in done.stderr
