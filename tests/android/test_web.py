"""The web twin's scripts answer the same vectors, in Node, and refuse what they cannot run."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import onnx
import pytest

from edgetext.targets.catalog import format_of

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "android_demo" / "web"
VECTORS = ROOT / "tests" / "vectors"

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js: install nodejs")

PROGRAM = """
import { readFileSync } from "node:fs";
const web = process.argv[1];
const { checkRuntime, describe, metadataProps } = await import(`${web}/artifact.js`);
const { encode, range } = await import(`${web}/text.js`);
const { Model, emptiness } = await import(`${web}/edgetext.js`);
const { redacted } = await import(`${web}/redact.js`);

const tried = async (work) => {
  try {
    return await work();
  } catch (error) {
    return { error: error.message, type: error.constructor.name };
  }
};

/** onnxruntime-web with the outputs of a vector, one a call; keeps what it was sent. */
class Scripted {
  constructor({ here = "1.32.0", outputs = [], unloadable }) {
    this.sent = [];
    this.env = { versions: here ? { web: here } : undefined };
    this.Tensor = class {
      constructor(type, data, dims) {
        Object.assign(this, { type, data, dims });
      }
    };
    const run = async (feeds) => {
      this.sent.push(Object.entries(feeds).map(([name, { type, data, dims }]) =>
        [name, type, [...data], dims]));
      const output = outputs[Math.min(this.sent.length, outputs.length) - 1];
      if ("throws" in output) throw output.throws;
      const { scores, spans, dims, truncated } = output;
      return {
        scores: { data: Float32Array.from(scores), dims: [1, scores.length] },
        spans: { data: Int32Array.from(spans), dims },
        truncated: { data: Int32Array.of(truncated), dims: [1] },
      };
    };
    const create = async () => {
      if (unloadable) throw new Error(unloadable);
      return { run };
    };
    this.InferenceSession = { create };
  }
}

const load = (ort, { path }) => Model.load(ort, new Uint8Array(readFileSync(path)), "model.onnx");
const kinds = {
  offsets: ({ text, ranges }) => {
    const encoded = encode(text);
    return Promise.all(ranges.map(([start, end]) => tried(() => range(encoded, start, end))));
  },
  metadata: ({ json, here }) => {
    const about = describe(json);
    if (here) checkRuntime(about, "model.onnx", here);
    return about;
  },
  props: ({ path }) => metadataProps(readFileSync(path)),
  decode: async (vector) => {
    const ort = new Scripted(vector);
    const got = await (await load(ort, vector)).predict(vector.text);
    const spans = got.spans.map(({ name, start, end }) =>
      [name, start, end, got.text.slice(start, end)]);
    const labels = got.labels?.map(({ name, score }) => [name, score]);
    return { ...got, labels, spans, sent: ort.sent[0][0][2], none: emptiness(got),
      redacted: redacted(got) };
  },
  replay: async (vector) => {
    const replay = await (await load(new Scripted(vector), vector)).verify();
    return { ...replay, is_passed: replay.isPassed };
  },
  predict: async (vector) => {
    const ort = new Scripted(vector);
    const model = await load(ort, vector);
    const answers = [];
    for (const texts of vector.texts) {
      answers.push(await tried(async () => (await model.predict(...texts)).intent));
    }
    return { answers, sent: ort.sent, replay: await model.verify() };
  },
};
const answers = [];
for (const vector of JSON.parse(readFileSync(0, "utf8"))) {
  answers.push(await tried(() => kinds[vector.kind](vector)));
}
console.log(JSON.stringify(answers));
"""


def answers(vectors: list[dict[str, Any]]) -> list[Any]:
    command = ["node", "--input-type=module", "-e", PROGRAM, str(WEB)]
    done = subprocess.run(
        command, input=json.dumps(vectors), check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def artifact(folder: Path, metadata: dict[str, Any], golden: Any) -> str:
    """Write a sealed file that has no network, but says these things of itself."""
    graph = onnx.helper.make_graph([], "empty", [], [])
    model = onnx.helper.make_model(graph, producer_name="test")
    texts = [item if isinstance(item, str) else json.dumps(item) for item in (metadata, golden)]
    names = ["edgetext", "edgetext_golden"]
    onnx.helper.set_model_props(model, dict(zip(names, texts, strict=True)))
    path = folder / f"{len(list(folder.iterdir()))}.onnx"
    path.write_bytes(format_of(".onnx").seal(model.SerializeToString()))
    return str(path)


def vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return found


def agrees(expected: dict[str, Any], got: dict[str, Any], renamed: dict[str, Any]) -> bool:
    """Tell whether each expected field is in `got`, under its name in the script; of an error, a
    part of the sentence."""
    if "error" in expected:
        return got.get("type") == "EdgeTextError" and expected["error"] in got["error"]
    return all(got.get(renamed.get(field, field)) == value for field, value in expected.items())


def test_offsets_are_those_that_python_expects():
    asked = vectors("offsets.json")
    got = answers(asked)
    assert len(got) == len(asked)
    for vector, ranges in zip(asked, got, strict=True):
        for expected, answer in zip(vector["expected"]["ranges"], ranges, strict=True):
            if isinstance(expected, dict):
                assert expected["error"] in answer["error"], vector["name"]
            else:
                assert answer == expected, vector["name"]


def test_descriptions_are_read_and_refused_as_on_the_phone():
    asked = [vector for vector in vectors("metadata.json") if ".pte" not in vector["name"]]
    for vector, got in zip(asked, answers(asked), strict=True):
        if "labels" in got:
            task = vector["expected"].get("task", "joint")
            slots = [] if task in ("classify", "multi_label") else got["labels"]["slots"]
            got |= {"intents": got["labels"]["intent"], "slots": slots}
        renamed = {"oldest_runtime": "oldestRuntime"}
        assert agrees(vector["expected"], got, renamed), (vector["name"], got)


@pytest.mark.parametrize("name", ["decode", "replay"])
def test_answers_are_those_of_the_phone(tmp_path, name):
    asked = vectors(f"{name}.json")
    for vector in asked:
        vector["path"] = artifact(tmp_path, vector["metadata"], vector["golden"])
    for vector, got in zip(asked, answers(asked), strict=True):
        expected = vector["expected"]
        if name == "replay" and "error" not in expected:
            # The script names the texts alone, the phone what differs.
            assert len(got["failures"]) == expected["total"] - expected["passed"]
            expected.pop("failures", None)
        assert agrees(expected, got, {}), (vector["name"], got)
        if name == "decode" and "error" not in expected:
            assert bool(got["none"]) == (not got["spans"])
            assert ("no words" in got["none"]) == (not vector["text"].strip() and not got["spans"])


def test_metadata_is_found_in_an_onnx_file(tmp_path):
    graph = onnx.helper.make_graph([], "empty", [], [])
    model = onnx.helper.make_model(graph, producer_name="test")
    onnx.helper.set_model_props(model, {"edgetext": '{"name": "é 🎵"}', "edgetext_golden": "[]"})
    whole = model.SerializeToString()
    (tmp_path / "whole.onnx").write_bytes(whole)
    (tmp_path / "cut.onnx").write_bytes(whole[:-3])
    (tmp_path / "text.onnx").write_bytes(b"hello\n" * 9)
    names = ["whole", "cut", "text"]
    good, cut, text = answers(
        [{"kind": "props", "path": str(tmp_path / f"{name}.onnx")} for name in names]
    )
    assert good == {"edgetext": '{"name": "é 🎵"}', "edgetext_golden": "[]"}
    assert "damaged" in cut["error"] and cut["type"] == "EdgeTextError"
    assert "damaged" in text["error"]


LABELS = {"intent": ["different", "same"], "slots": []}
PAIRS = {"contract": 1, "task": "match", "labels": LABELS, "max_bytes": 4}
PAIRS["inputs"] = ["text", "text_b"]
ANSWER = {"scores": [0.25, 0.75], "spans": [], "dims": [0, 0], "truncated": False}


def test_a_model_of_pairs_reads_two_texts(tmp_path):
    golden = {"text": "a", "text_b": "é", "score": 0.75, "spans": [], "truncated": False}
    examples = [{**golden, "intent": 1}, {**golden, "intent": 0}]
    texts = [["a", ""], ["éé!", "ab"], ["a"]]
    question = {"kind": "predict", "path": artifact(tmp_path, PAIRS, examples), "texts": texts}
    (got,) = answers([{**question, "outputs": [ANSWER]}])
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


def test_only_a_broken_seal_or_description_is_called_damage(tmp_path):
    path = Path(artifact(tmp_path, PAIRS, []))
    whole = path.read_bytes()
    changed = whole.replace(b"different", b"indignant")
    broken = {"cut": whole[:-1], "changed": changed, "unsealed": whole[:40], "empty": b""}
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    asked = {"kind": "predict", "texts": []}
    damaged = answers([{**asked, "path": str(tmp_path / name)} for name in broken])
    assert all("is damaged or was not made by" in got["error"] for got in damaged)
    lacking = {
        "No Op registered for LabelEncoder with domain_version of 4": "LabelEncoder",
        "Could not find an implementation for ConvInteger(10) node with name 'x'": "ConvInteger",
        "Fatal error: ai.onnx.ml:LabelEncoder(-1) is not a registered function/op": "ai.onnx.ml:",
    }
    asked["path"] = str(path)
    for message, operator in lacking.items():
        (got,) = answers([{**asked, "unloadable": f"Can't create a session. {message}"}])
        assert f'lacks the operator "{operator}' in got["error"]
        assert "onnxruntime-web/wasm" in got["error"]
    (other,) = answers([{**asked, "unloadable": "no memory"}])
    assert "could not load" in other["error"] and "(no memory)" in other["error"]


def test_a_runtime_that_does_not_tell_its_release_is_too_old(tmp_path):
    path = artifact(tmp_path, {**PAIRS, "oldest_runtime": "1.24.1"}, [])
    asked = {"kind": "predict", "path": path, "texts": []}
    told, untold = answers([{**asked, "here": "1.23.0"}, {**asked, "here": ""}])
    assert "needs ONNX Runtime 1.24.1 or newer, and this page has 1.23.0" in told["error"]
    assert "this page has an older one" in untold["error"]


def test_whatever_a_run_throws_is_a_sentence(tmp_path):
    path = artifact(tmp_path, {**PAIRS, "oldest_runtime": "1.24.1"}, [])
    # A failing WebAssembly call may throw a bare number, and the page goes on with the next text.
    outputs = [{"throws": 1234}, ANSWER]
    asked = {"kind": "predict", "path": path, "texts": [["a", "b"], ["c", "d"]]}
    (got,) = answers([{**asked, "outputs": outputs}])
    failed, same = got["answers"]
    assert "could not run the model (1234); try another text" in failed["error"]
    assert (failed["type"], same) == ("EdgeTextError", "same")
