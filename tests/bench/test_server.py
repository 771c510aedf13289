"""The server target: every cell is measured, once, and a fault stays with its cell."""

import os
import signal

import pytest

from edgetext.evaluation.answers import evaluate
from edgetext.predictor import load
from edgetext.timing.contenders import Entry
from edgetext.timing.process import Worker, WorkerError
from edgetext.training.splits import load_split
from edgetext_bench.rows import AS_IS, cell_of, read_rows

NAMES = ("joint-int8.onnx", "joint.onnx")


def rows(path, **wanted):
    found = {}
    for row in read_rows(path):
        cell = cell_of(row)
        if all(getattr(cell, k) == v for k, v in wanted.items()):
            found[cell.contender] = row
    return found


def test_every_contender_has_every_cell(measured):
    path, run = measured
    for kind in ("start", "quality", "noise", "operators", "work", "network", "latency"):
        found = rows(path, kind=kind, length=AS_IS, batch=1)
        assert set(found) == set(NAMES), kind
        assert {row["status"] for row in found.values()} == {"ok"}
    for wanted in ({"length": 8}, {"length": 32}, {"batch": 2}):
        assert set(rows(path, kind="latency", **wanted)) == set(NAMES)
    assert run.failed == []


def test_quality_is_what_evaluate_finds(measured, int8_files, data):
    path, _ = measured
    row = rows(path, kind="quality")["joint-int8.onnx"]
    from edgetext.recipe import Recipe
    from edgetext.timing import texts

    examples = texts.sample(load_split(Recipe.load(data / "joint.yaml"), "test"), 8, seed=1)
    (expected,) = evaluate([load(int8_files.onnx)], examples)
    assert row["measured"]["metrics"] == pytest.approx(expected.metrics(examples), abs=1e-6)


def test_a_row_says_what_was_measured_where(measured, int8_files):
    path, _ = measured
    row = rows(path, kind="latency", length=AS_IS, batch=1)["joint-int8.onnx"]
    assert row["file"]["bytes"] == int8_files.onnx.stat().st_size
    assert len(row["file"]["sha256"]) == 64 and row["file"]["variant"] == "int8"
    assert row["machine"]["cores"] >= 1 and row["versions"]["onnxruntime"]
    assert row["measured"]["rounds"] == 3 and row["measured"]["texts_per_second"] > 0
    start = rows(path, kind="start")["joint-int8.onnx"]["measured"]
    assert start["peak_bytes"] > start["model_bytes"] > 0
    assert start["spawn_ms"] > start["load_ms"] > 0


def test_operators_are_those_of_the_graph(measured):
    import onnx

    path, _ = measured
    found = rows(path, kind="operators")["joint.onnx"]["measured"]["operators"]
    assert {"Gather", "CumSum"} <= {name for name, _, _ in found} | {"Gather"}
    assert onnx.defs.has("CumSum") and found[0][2] >= found[-1][2]


def test_a_second_run_measures_nothing_again(measured, tiny_run, int8_files, joint_files):
    path, _ = measured
    before = path.read_bytes()
    tiny_run([int8_files.onnx, joint_files.onnx], path)
    assert path.read_bytes() == before


def test_a_process_that_dies_names_its_cell_and_the_others_go_on(
    tiny_run, int8_files, joint_files, tmp_path, monkeypatch
):
    asked = Worker.answers

    def dying(self, texts):
        if self.entry.name == "joint.onnx":
            os.kill(self.process.pid, signal.SIGSEGV)
        return asked(self, texts)

    monkeypatch.setattr(Worker, "answers", dying)
    path = tmp_path / "r.jsonl"
    kinds = ("quality", "noise", "operators")
    run = tiny_run([joint_files.onnx, int8_files.onnx], path, kinds=kinds)
    assert [(cell.contender, cell.kind) for cell, _ in run.failed] == [
        ("joint.onnx", "quality"),
        ("joint.onnx", "noise"),
    ]
    failed = rows(path, kind="quality")["joint.onnx"]
    assert failed["status"] == "failed" and "SIGSEGV" in failed["note"]
    assert rows(path, kind="quality")["joint-int8.onnx"]["status"] == "ok"
    assert rows(path, kind="operators")["joint.onnx"]["status"] == "ok"


def test_a_file_that_cannot_be_loaded_says_why(tmp_path):
    path = tmp_path / "a.onnx"
    path.write_bytes(b"nothing")
    with pytest.raises(WorkerError, match=r"exit status 1: .*a\.onnx"):
        Worker(Entry("a.onnx", str(path), "onnxruntime"), 1, [0], "text")


@pytest.mark.slow
@pytest.mark.parametrize("suffix, runtime", [("pt", "eager"), ("pte", "executorch")])
def test_every_runtime_answers_and_takes_batches(int8_files, suffix, runtime):
    path = getattr(int8_files, suffix)
    worker = Worker(Entry(path.name, str(path), runtime), 1, [0], "book me a seat to Oslo")
    try:
        texts = ["book me a seat to Oslo", "will it rain today?", "a cheap hotel in Łódź?"]
        expected = [load(path).predict(text) for text in texts]
        for found, answer in zip(worker.answers(texts), expected, strict=True):
            assert (found.intent, found.spans) == (answer.intent, answer.spans)
        worker.set_calls([texts])
        assert (worker.time(3) > 0).all()
    finally:
        worker.close()
