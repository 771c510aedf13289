"""The package for JavaScript reads the vectors of tests/vectors, and says in a sentence what it
cannot do."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import onnx
import pytest
from javascript import ROOT, artifact, ask, needs_node

VECTORS = ROOT / "tests" / "vectors"

pytestmark = needs_node


def vectors(name: str) -> list[dict[str, Any]]:
    """Those that are not the phone's alone."""
    listed = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return [vector for vector in listed if "only" not in vector]


def agrees(expected: dict[str, Any], got: dict[str, Any]) -> bool:
    """Tell whether each expected field is in `got`; of an error, a part of the sentence."""
    if "error" in expected:
        return got.get("type") == "EdgeTextError" and expected["error"] in got["error"]
    return all(got.get(field) == value for field, value in expected.items())


def test_offsets_are_those_that_python_expects():
    asked = vectors("offsets.json")
    got = ask(asked)
    assert len(got) == len(asked)
    for vector, ranges in zip(asked, got, strict=True):
        for expected, answer in zip(vector["expected"]["ranges"], ranges, strict=True):
            if isinstance(expected, dict):
                assert expected["error"] in answer["error"], vector["name"]
            else:
                assert answer == expected, vector["name"]


def test_descriptions_are_read_and_refused_as_on_the_phone():
    asked = [vector for vector in vectors("metadata.json") if ".pte" not in vector["name"]]
    for vector, got in zip(asked, ask(asked), strict=True):
        if "labels" in got:
            task = vector["expected"].get("task", "joint")
            slots = [] if task in ("classify", "multi_label") else got["labels"]["slots"]
            got |= {"intents": got["labels"]["intent"], "slots": slots}
            got["oldest_runtime"] = got["oldestRuntime"]
        assert agrees(vector["expected"], got), (vector["name"], got)


def test_the_same_words_go_as_in_python():
    asked = vectors("redact.json")
    for vector, got in zip(asked, ask(asked), strict=True):
        assert agrees(vector["expected"], got), (vector["name"], got)


@pytest.mark.parametrize("name", ["decode", "replay"])
def test_answers_are_those_of_the_phone(tmp_path, name):
    asked = vectors(f"{name}.json")
    for vector in asked:
        vector["path"] = artifact(tmp_path, vector["metadata"], vector["golden"])
    for vector, got in zip(asked, ask(asked), strict=True):
        expected = vector["expected"]
        if name == "replay" and "error" not in expected:
            # The package gives the answers that differ, the phone says what differs in them.
            assert len(got["failures"]) == expected["total"] - expected["passed"]
            assert all(failure["expected"] in vector["golden"] for failure in got["failures"])
            expected.pop("failures", None)
        elif "error" not in expected:
            got = as_on_the_phone(got)
        assert agrees(expected, got), (vector["name"], got)


def as_on_the_phone(got: dict[str, Any]) -> dict[str, Any]:
    """An answer in the words of the vectors."""
    spans = [[s["label"], s["start"], s["end"], s["text"]] for s in got.get("spans", [])]
    read = {"intent": None, **got, "spans": spans, "in_scope": got.get("inScope")}
    if "labels" in got:
        read["labels"] = [[label["label"], label["score"]] for label in got["labels"]]
    return read


def test_metadata_is_found_in_an_onnx_file(tmp_path):
    graph = onnx.helper.make_graph([], "empty", [], [])
    model = onnx.helper.make_model(graph, producer_name="test")
    onnx.helper.set_model_props(model, {"edgetext": '{"name": "é 🎵"}', "edgetext_golden": "[]"})
    whole = model.SerializeToString()
    (tmp_path / "whole.onnx").write_bytes(whole)
    (tmp_path / "cut.onnx").write_bytes(whole[:-3])
    (tmp_path / "text.onnx").write_bytes(b"hello\n" * 9)
    names = ["whole", "cut", "text"]
    good, cut, text = ask(
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
    question = {"kind": "ask", "path": artifact(tmp_path, PAIRS, examples), "texts": texts}
    question["replays"] = True
    (got,) = ask([{**question, "outputs": [ANSWER]}])
    assert [answer["intent"] for answer in got["answers"][:2]] == ["same", "same"]
    assert got["answers"][2]["type"] == "EdgeTextError"
    assert "reads 2 text(s) at a time, not 1" in got["answers"][2]["error"]
    one, cut, *replayed, released = got["sent"]
    assert released == "released"
    # An empty text is a space; a long one goes one byte beyond what the model reads.
    assert one == [["text", "uint8", [97], [1, 1]], ["text_b", "uint8", [32], [1, 1]]]
    assert cut[0] == ["text", "uint8", list("éé!".encode()), [1, 5]]
    assert (
        replayed
        == [[["text", "uint8", [97], [1, 1]], ["text_b", "uint8", list("é".encode()), [1, 2]]]] * 2
    )
    assert (got["replay"]["passed"], got["replay"]["total"]) == (1, 2)
    # A portable int8 file has rounded already.
    assert got["options"]["extra"]["session"] == {"disable_quant_qdq": "1"}


def test_only_a_broken_seal_or_description_is_called_damage(tmp_path):
    path = Path(artifact(tmp_path, PAIRS, []))
    whole = path.read_bytes()
    changed = whole.replace(b"different", b"indignant")
    broken = {"cut": whole[:-1], "changed": changed, "unsealed": whole[:40], "empty": b""}
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    asked = {"kind": "ask", "texts": []}
    damaged = ask([{**asked, "path": str(tmp_path / name)} for name in broken])
    assert all(
        got["error"].startswith('The model "model.onnx" is damaged or was not made by')
        for got in damaged
    )
    lacking = {
        "No Op registered for LabelEncoder with domain_version of 4": "LabelEncoder",
        "Could not find an implementation for ConvInteger(10) node with name 'x'": "ConvInteger",
        "Fatal error: ai.onnx.ml:LabelEncoder(-1) is not a registered function/op": "ai.onnx.ml:",
    }
    asked["path"] = str(path)
    for message, operator in lacking.items():
        (got,) = ask([{**asked, "unloadable": f"Can't create a session. {message}"}])
        assert f'lacks the operator "{operator}' in got["error"]
        assert "onnxruntime-web/wasm" in got["error"]
    (other,) = ask([{**asked, "unloadable": "no memory"}])
    assert "could not load" in other["error"] and "(no memory)" in other["error"]


def test_a_runtime_that_does_not_tell_its_release_is_too_old(tmp_path):
    path = artifact(tmp_path, {**PAIRS, "oldest_runtime": "1.24.1"}, [])
    asked = {"kind": "ask", "path": path, "texts": []}
    told, untold = ask([{**asked, "here": "1.23.0"}, {**asked, "here": ""}])
    assert "needs ONNX Runtime 1.24.1 or newer, and this program has 1.23.0" in told["error"]
    assert "this program has an older one" in untold["error"]


def test_whatever_a_run_throws_is_a_sentence(tmp_path):
    path = artifact(tmp_path, {**PAIRS, "oldest_runtime": "1.24.1"}, [])
    # A failing WebAssembly call may throw a bare number, and the page goes on with the next text.
    outputs = [{"throws": 1234}, ANSWER]
    asked = {"kind": "ask", "path": path, "texts": [["a", "b"], ["c", "d"]]}
    (got,) = ask([{**asked, "outputs": outputs}])
    failed, same = got["answers"]
    assert "could not run the model (1234); try another text" in failed["error"]
    assert (failed["type"], same["intent"]) == ("EdgeTextError", "same")


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000])
def test_the_hash_for_hosts_without_webcrypto_is_sha256(size):
    content = bytes(i * 7 % 256 for i in range(size))
    (got,) = ask([{"kind": "sha256", "bytes": list(content)}])
    assert got == hashlib.sha256(content).hexdigest()


WRONG = {
    "7": "A text is a string or a Uint8Array of UTF-8, not a number",
    "null": "A text is a string or a Uint8Array of UTF-8, not null",
    "undefined": "not undefined",
    "['a']": "not an object (Array)",
    "new Float32Array(2)": "not an object (Float32Array)",
}


def test_what_is_no_text_list_or_model_is_a_sentence(tmp_path):
    about = {**PAIRS, "task": "classify", "inputs": ["text"]}
    path = artifact(tmp_path, about, [])
    texts = ask([{"kind": "wrong", "path": path, "texts": given} for given in WRONG])
    for given, got in zip(WRONG.values(), texts, strict=True):
        assert got["type"] == "EdgeTextError" and given in got["error"], got
    single, mixed, number, missing, address = ask(
        [
            {"kind": "wrong", "path": path, "many": "'a text'"},
            {"kind": "wrong", "path": path, "many": "[7]"},
            {"kind": "wrong", "source": "7"},
            {"kind": "wrong", "source": "'/no/such/model.onnx'"},
            {"kind": "wrong", "source": "'http://127.0.0.1:9/model.onnx'"},
        ]
    )
    assert "takes a list of texts, not a string" in single["error"]
    assert "not a number" in mixed["error"]
    assert "not by a number; give one of these" in number["error"]
    assert '"/no/such/model.onnx" could not be read (ENOENT' in missing["error"]
    assert "could not be fetched" in address["error"]
    for got in (single, mixed, number, missing, address):
        assert got["type"] == "EdgeTextError"


def test_what_is_no_runtime_and_no_bytes_is_a_sentence(tmp_path):
    path = artifact(tmp_path, PAIRS, [])
    runtimes = ["{}", "'onnxruntime-node'", "7"]
    asked = [
        {"kind": "wrong", "source": repr(path), "options": f"({{ runtime: {given} }})"}
        for given in runtimes
    ]
    asked.append({"kind": "open", "given": "[new Uint8Array(9)]"})
    for got in ask(asked):
        assert got["type"] == "EdgeTextError"
        assert "The option runtime is the module of an onnxruntime package, not" in got["error"]
    text, worker = ask([{"kind": "open", "given": "['m.onnx', {}]"}, {"kind": "worker"}])
    assert "takes the bytes of a model, not a string; use load" in text["error"]
    assert "There are no Web Workers here" in worker["error"]
    assert text["type"] == worker["type"] == "EdgeTextError"


def test_options_that_are_null_are_those_that_are_left_out(tmp_path):
    path = artifact(tmp_path, {**PAIRS, "name": "pairs"}, [])
    given, other, missing, opened, worker = ask(
        [
            {"kind": "nulls", "path": path, "runtime": True},
            {"kind": "nulls", "path": path},
            {"kind": "nulls", "path": "/no/such/model.onnx"},
            {"kind": "open", "given": "[new Uint8Array(9), null]"},
            {"kind": "worker", "options": None},
        ]
    )
    assert (given["name"], given["options"]["intraOpNumThreads"]) == ("pairs", 1)
    # What is missing is the runtime, where npm has not brought one, or an operator of the graph.
    assert other["type"] == missing["type"] == opened["type"] == worker["type"] == "EdgeTextError"
    assert "could not be read (ENOENT" in missing["error"]
    assert "The option runtime is the module of" in opened["error"]
    assert "There are no Web Workers here" in worker["error"]


def test_a_program_of_executorch_is_called_one(tmp_path):
    path = tmp_path / "model.pte"
    path.write_bytes(b"\0\0\0\0ET12" + b"x" * 100)
    (got,) = ask([{"kind": "ask", "path": str(path), "texts": []}])
    assert "is an ExecuTorch program (.pte); give the .onnx" in got["error"]


def test_the_declared_names_are_those_that_there_are():
    """Files *.d.ts declare functions and classes; what imports them finds them."""
    core = {"EdgeTextError", "open"}
    names = {
        "core": core,
        "browser": core | {"load"},
        "node": core | {"load"},
        "worker": {"EdgeTextError", "load"},
        "redact": {"isCard", "isIban", "redacted"},
    }
    got = ask([{"kind": "exports", "entry": entry} for entry in names])
    for (entry, expected), exported in zip(names.items(), got, strict=True):
        assert expected == set(exported), entry
