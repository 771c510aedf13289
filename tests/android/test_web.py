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


ANSWER = """
import { readFileSync } from "node:fs";
const { Model } = await import(process.argv[1]);
const sent = [];
const row = ([name, { type, data, dims }]) => [name, type, [...data], dims];
const run = async (feeds) => {
  sent.push(Object.entries(feeds).map(row));
  return { scores: { data: [0.25, 0.75] }, truncated: { data: [0] } };
};
class Tensor {
  constructor(type, data, dims) {
    Object.assign(this, { type, data, dims });
  }
}
const ort = { Tensor, InferenceSession: { create: async () => ({ run }) } };
const { path, texts } = JSON.parse(readFileSync(0, "utf8"));
const model = await Model.load(ort, readFileSync(path));
const answers = [];
for (const given of texts) {
  try {
    answers.push((await model.predict(...given)).intent);
  } catch (error) {
    answers.push({ error: error.message, type: error.constructor.name });
  }
}
console.log(JSON.stringify({ answers, sent, replay: await model.verify() }));
"""


def answered(tmp_path, inputs, golden, texts):
    """What the script sends to a model with these inputs and golden examples, and makes of it."""
    (tmp_path / "edgetext.mjs").write_bytes(SCRIPT.read_bytes())
    labels = {"intent": ["different", "same"], "slots": []}
    about = {"contract": 1, "task": "match", "labels": labels, "max_bytes": 4, "inputs": inputs}
    graph = onnx.helper.make_graph([], "empty", [], [])
    model = onnx.helper.make_model(graph, producer_name="test")
    props = {"edgetext": json.dumps(about), "edgetext_golden": json.dumps(golden)}
    onnx.helper.set_model_props(model, props)
    (tmp_path / "pair.onnx").write_bytes(model.SerializeToString())
    question = json.dumps({"path": str(tmp_path / "pair.onnx"), "texts": texts})
    command = ["node", "--input-type=module", "-e", ANSWER, str(tmp_path / "edgetext.mjs")]
    done = subprocess.run(command, input=question, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_a_model_of_pairs_reads_two_texts(tmp_path):
    golden = {"text": "a", "text_b": "é", "score": 0.75, "spans": [], "truncated": False}
    examples = [{**golden, "intent": 1}, {**golden, "intent": 0}]
    texts = [["a", ""], ["éé!", "ab"], ["a"]]
    got = answered(tmp_path, ["text", "text_b"], examples, texts)
    assert got["answers"][:2] == ["same", "same"]
    assert got["answers"][2]["type"] == "EdgeTextError"
    assert "reads 2 text(s) at a time, not 1" in got["answers"][2]["error"]
    one, cut, *replayed = got["sent"]
    # An empty text is a space; a long one goes one byte beyond what the model reads.
    assert one == [["text", "uint8", [97], [1, 1]], ["text_b", "uint8", [32], [1, 1]]]
    assert cut[0] == ["text", "uint8", list("éé!".encode()), [1, 5]]
    assert (
        replayed
        == [[["text", "uint8", [97], [1, 1]], ["text_b", "uint8", list("é".encode()), [1, 2]]]] * 2
    )
    assert (got["replay"]["passed"], got["replay"]["total"]) == (1, 2)
