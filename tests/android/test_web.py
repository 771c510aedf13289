"""The web twin's script answers the same vectors, in Node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import onnx
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "android_demo" / "web" / "edgetext.js"
VECTORS = ROOT / "tests" / "vectors"

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js: install nodejs")

PROGRAM = """
import { readFileSync } from "node:fs";
const { describe, encode, metadataProps, range } = await import(process.argv[1]);
const tried = (work) => {
  try {
    return work();
  } catch (error) {
    return { error: error.message, type: error.constructor.name };
  }
};
const kinds = {
  offsets: ({ text, ranges }) => {
    const encoded = encode(text);
    return ranges.map(([start, end]) => tried(() => range(encoded, start, end)));
  },
  metadata: ({ json }) => tried(() => describe(json)),
  props: ({ path }) => tried(() => metadataProps(readFileSync(path))),
};
const vectors = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(vectors.map((vector) => kinds[vector.kind](vector))));
"""


def answers(tmp_path: Path, vectors: list[dict[str, Any]]) -> list[Any]:
    # Node takes a script outside any package for a module only by its suffix.
    module = tmp_path / "edgetext.mjs"
    module.write_bytes(SCRIPT.read_bytes())
    command = ["node", "--input-type=module", "-e", PROGRAM, str(module)]
    done = subprocess.run(
        command, input=json.dumps(vectors), check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def test_offsets_are_those_that_python_expects(tmp_path):
    vectors = json.loads((VECTORS / "offsets.json").read_text(encoding="utf-8"))
    got = answers(tmp_path, vectors)
    assert len(got) == len(vectors)
    for vector, ranges in zip(vectors, got, strict=True):
        for expected, answer in zip(vector["expected"]["ranges"], ranges, strict=True):
            if isinstance(expected, dict):
                assert expected["error"] in answer["error"], vector["name"]
            else:
                assert answer == expected, vector["name"]


def test_descriptions_are_read_and_refused_as_on_the_phone(tmp_path):
    vectors = json.loads((VECTORS / "metadata.json").read_text(encoding="utf-8"))
    refused = 0
    for vector, answer in zip(vectors, answers(tmp_path, vectors), strict=True):
        expected = vector["expected"]
        if "error" in expected:
            refused += "error" in answer
            continue
        assert answer["task"] == expected["task"], vector["name"]
        assert answer["labels"]["intent"] == expected["intents"], vector["name"]
    # Wrong types of single fields are the phone's business alone.
    assert refused >= 7


def test_metadata_is_found_in_an_onnx_file(tmp_path):
    graph = onnx.helper.make_graph([], "empty", [], [])
    model = onnx.helper.make_model(graph, producer_name="test")
    onnx.helper.set_model_props(model, {"edgetext": '{"name": "é 🎵"}', "edgetext_golden": "[]"})
    whole = model.SerializeToString()
    (tmp_path / "whole.onnx").write_bytes(whole)
    (tmp_path / "cut.onnx").write_bytes(whole[:-3])
    (tmp_path / "text.onnx").write_bytes(b"hello\n" * 9)
    names = ["whole", "cut", "text"]
    vectors = [{"kind": "props", "path": str(tmp_path / f"{name}.onnx")} for name in names]
    good, cut, text = answers(tmp_path, vectors)
    assert good == {"edgetext": '{"name": "é 🎵"}', "edgetext_golden": "[]"}
    assert "damaged" in cut["error"] and cut["type"] == "EdgeTextError"
    assert "damaged" in text["error"]
