"""The package for JavaScript answers for every task what `edgetext.load` answers.

The fast tests give it the outputs that ONNX Runtime for Python gave to the same bytes, so they also
hold what is sent; the slow ones run the files in onnxruntime-node.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from every_task import MODELS, exported, trained_in
from javascript import (
    as_python,
    as_question,
    ask,
    encoded,
    needs_module,
    needs_node,
    without_texts,
)
from once import made_once

from edgetext.cli import main
from edgetext.predictor import Predictor, load

pytestmark = needs_node

TEXTS: list[str | bytes] = [
    "book me a seat to Zürich on Monday",
    "is it cold in 東京 today? 😀",
    "a room in Oslo, and a flight to São Paulo 🇧🇷 at 10:30!",
    "Fly to Rome. Is it cold in 東京.  So a room\tin Oslo. Done.",
    "👩\u200d👩\u200d👧 fly to Łódź 👋🏽",
    "cafe\u0301 in Zu\u0308rich",
    "नमस्ते दुनिया, 안녕하세요, مرحبا",
    "\ud83d fly to \udc00 Rome \udc00\ud83d",
    "\ufeffis it cold in Paris?",
    "",
    "  ",
    "?",
    "a\u0000b in Rome",
    "is it cold in " + "é" * 60,
    "東" * 60,
    "fly to Oslo " * 20 + "😀 is it cold in Rome?",
    "x" * 300,
    b"\xff fly to \xe6\x9d R\xc3me \xf0\x9f\x98",
    b"\x80" * 200 + b" in Rome",
    "fly to Zürich".encode(),
]
QUESTIONS = ["where is the flight?", "is it cold? 😀", "", b"\xff room"]


class Recorder:
    """A session that remembers what it was asked, and what it answered."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.runs: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def run(self, *arrays: np.ndarray) -> Any:
        outputs = self._session.run(*arrays)
        sent = [base64.b64encode(array.tobytes()).decode() for array in arrays]
        given = {
            name: {"type": str(output.dtype), "data": output.reshape(-1).tolist()}
            for name, output in zip(self._session.outputs, outputs, strict=True)
        }
        self.runs.append({"sent": sent, "outputs": given})
        return outputs


def asked(predictor: Predictor) -> list[tuple[str | bytes, ...]]:
    if len(predictor.task.inputs) == 1:
        return [(text,) for text in TEXTS]
    return [(QUESTIONS[i % len(QUESTIONS)], text) for i, text in enumerate(TEXTS)]


def expected(predictor: Predictor, given: tuple[str | bytes, ...], whole: bool) -> dict[str, Any]:
    data = [encoded(text) for text in given]
    answer = without_texts(predictor.predict(*data, whole=whole).as_json(data[-1]))
    for span in answer.get("spans", []) if whole else []:
        # 1 of every span of a model that does not say, which the package leaves out.
        assert span.pop("score") == 1
    if predictor.metadata.task == "lm":
        # Of which Python's JSON has none, and no list where nothing follows.
        answer = {"next": [], "words": [], **answer}
        del answer["spans"]
    return answer


def alike(one: Any, other: Any) -> bool:
    """Compare answers, their numbers to the four digits that Python gives, and a little."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float) or isinstance(other, float):
        return abs(one - other) < 0.002
    return bool(one == other)


def compare(path: Path, runtime: str | None = None, method: str = "predict") -> None:
    """Hold the package's answers to Python's; without a runtime over Python's own outputs."""
    predictor = load(path)
    texts = asked(predictor)
    recorder = Recorder(predictor.session)
    predictor.session = recorder
    answers = [expected(predictor, given, method == "predictWhole") for given in texts]
    question: dict[str, Any] = {"kind": "ask", "path": str(path), "method": method}
    question["texts"] = [[as_question(text) for text in given] for given in texts]
    question |= {"runtime": runtime, "replays": True} if runtime else {"runs": recorder.runs}
    (got,) = ask([question])
    for given, answer, own in zip(texts, answers, got["answers"], strict=True):
        assert "error" not in own, (given, own)
        assert alike(answer, as_python(own)), (given, answer, as_python(own))
    assert got["after"]["error"] == "The model is closed; load it again."
    if runtime:
        assert got["replay"]["isPassed"], got["replay"]["failures"][:1]


@pytest.mark.parametrize("name", ["classify", "tag", "parse", "multi", "lm"])
def test_a_task_is_read_as_in_python(request, name):
    compare(request.getfixturevalue(f"{name}_files").onnx)


def test_a_long_text_is_read_whole_as_in_python(tag_files):
    compare(tag_files.onnx, method="predictWhole")


def test_a_batch_file_answers_lists_alone(batch_files):
    path = str(batch_files.classify)
    single, whole = ask(
        [
            {"kind": "ask", "path": path, "texts": [["a"]], "method": method}
            for method in ("predict", "predictWhole")
        ]
    )
    assert (
        "is a batch file, which predict does not run; give a list" in single["answers"][0]["error"]
    )
    assert whole["answers"][0]["type"] == "EdgeTextError"


def test_a_model_behind_a_port_answers_as_it_does_itself(classify_files):
    path = classify_files.onnx
    predictor = load(path)
    recorder = Recorder(predictor.session)
    predictor.session = recorder
    texts = ["is it cold in Zürich?", "a room"]
    intents = [predictor.predict(text).intent for text in texts]
    for example in predictor.golden:
        predictor.predict(*example.texts)
    question = {"kind": "port", "path": str(path), "texts": [[text] for text in texts]}
    got, damaged = ask(
        [
            {**question, "runs": recorder.runs},
            {**question, "path": str(path.with_suffix(".md")), "runs": []},
        ]
    )
    assert (got["task"], got["inputs"], got["batch"]) == ("classify", ["text"], 0)
    assert [answer["intent"] for answer in got["many"]] == intents
    assert len(got["first"]["scores"]) == len(predictor.metadata.intents)
    assert got["wrong"]["type"] == "EdgeTextError" and "not a number" in got["wrong"]["error"]
    assert got["passed"] == len(predictor.golden)
    assert got["sent"][-1] == "released" and got["ended"] == 1
    assert "cannot be given this" in got["strange"]["error"]
    assert got["after"] == {"error": "The model is closed; load it again.", "type": "EdgeTextError"}
    assert damaged["type"] == "EdgeTextError" and "is damaged" in damaged["error"]


@pytest.fixture(scope="module")
def file_of(models):
    """file_of(name, suffix) -> an artifact of that model of every_task, int8 with "name-int8"."""
    folder = models / "every-task"

    def make(name: str, suffix: str = ".onnx") -> Path:
        stem, _, precision = name.partition("-")
        checkpoint = trained_in(folder, stem)
        if precision == "int8":
            path = folder / f"{name}.pt"
            quantize = ["quantize", "--int8", str(checkpoint), "-o", str(path)]
            checkpoint = made_once(path, lambda: main(quantize))
        return exported(checkpoint, folder / f"{name}{suffix}")

    return make


@pytest.mark.slow
@pytest.mark.parametrize("name", ["multi_label", "match", "towers", "qa", "summarize", "hashed"])
def test_every_other_task_is_read_as_in_python(file_of, name):
    compare(file_of(name))


@needs_module("onnxruntime-node")
@pytest.mark.slow
@pytest.mark.parametrize("precision", ["", "-int8"])
@pytest.mark.parametrize("name", [*MODELS, "multi"])
def test_a_file_answers_in_onnxruntime_node_as_in_python(file_of, name, precision):
    compare(file_of(name + precision), "onnxruntime-node")


@needs_module("onnxruntime-node")
@pytest.mark.slow
def test_a_file_in_ort_format_and_one_tower_do_too(file_of, models):
    compare(file_of("joint-int8", ".ort"), "onnxruntime-node")
    tower = models / "every-task" / "tower.onnx"
    command = ["export", "--embed", str(file_of("towers").with_suffix(".pt")), "-o", str(tower)]
    compare(made_once(tower, lambda: main(command)), "onnxruntime-node")


@needs_module("onnxruntime-node")
@pytest.mark.slow
@pytest.mark.parametrize("name", ["int8", "hashed", "classify"])
def test_a_batch_file_answers_as_in_python(batch_files, name):
    path = getattr(batch_files, name)
    predictor = load(path)
    texts = TEXTS * 5
    data = [encoded(text) for text in texts]
    question = {"kind": "ask", "path": str(path), "method": "predictMany", "replays": True}
    question |= {"runtime": "onnxruntime-node", "texts": [[as_question(text)] for text in texts]}
    (got,) = ask([question])
    assert got["replay"]["isPassed"]
    for text, answer, own in zip(data, predictor.predict_many(data), got["answers"], strict=True):
        given = without_texts(answer.as_json(text))
        assert alike(given, as_python(own)), (text, given)


@needs_module("onnxruntime-node")
@needs_module("onnxruntime-web")
@pytest.mark.slow
@pytest.mark.parametrize("name", ["onnxruntime-node", "onnxruntime-web"])
def test_what_a_runtime_cannot_load_is_a_sentence(tmp_path, name, joint_files):
    from edgetext.targets.catalog import format_of

    form = format_of(".onnx")
    whole = joint_files.onnx.read_bytes()
    broken = whole.replace(b"Gather", b"Gatter")
    path = tmp_path / "model.onnx"
    path.write_bytes(form.seal(broken[: -64 - len(form.seal_prefix)]))
    (got,) = ask([{"kind": "ask", "path": str(path), "runtime": name, "texts": []}])
    assert got["type"] == "EdgeTextError"
    assert "could not load the model" in got["error"] or "lacks the operator" in got["error"]
