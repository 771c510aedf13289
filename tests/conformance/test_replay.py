"""Engines that answer, lie, fail now and then, or not at all."""

import weakref

import numpy as np
import pytest

from edgetext.conformance.engines import Engine, engines
from edgetext.conformance.replay import Asking, Conformance
from edgetext.core.errors import EdgetextError
from edgetext.predictor import Predictor, load
from edgetext.targets.onnx.target import OnnxRuntime


class Session:
    """Another's answers, but for what `change` makes of those of some runs."""

    def __init__(self, session, change, every=5):
        self.session, self.change, self.every = session, change, every
        self.metadata, self.golden = session.metadata, session.golden
        self.runs = 0

    def run(self, *texts):
        outputs = self.session.run(*texts)
        self.runs += 1
        return outputs if self.runs % self.every else self.change(outputs)


def row_of(file, change=None, texts=16, every=5):
    predictor = load(file)
    if change is not None:
        predictor = Predictor(file, Session(predictor.session, change, every))
    engine = Engine(OnnxRuntime(), "9", predictor)
    (row,) = Conformance(Asking(texts, 1), None).rows([engine])
    return row


def total(row):
    return sum(row["golden"].values()) + sum(row["texts"].values())


@pytest.mark.parametrize("name", ["joint", "int8", "hashed", "classify", "tag", "parse", "multi"])
def test_a_file_answers_as_its_checkpoint(name, request):
    row = row_of(request.getfixturevalue(f"{name}_files").onnx)
    assert row["golden"]["other"] == row["texts"]["other"] == 0
    assert sum(row["golden"].values()) >= 8 and row["texts"]["equal"] > 16
    if name in ("joint", "classify", "tag", "parse", "multi"):
        assert row["texts"]["near"] == 0 and row["widest"] < 1e-4


def test_a_batch_file_is_asked_many_at_once(batch_files, classify_files, tmp_path):
    row = row_of(batch_files.classify)
    assert row["texts"]["other"] == 0 and total(row) == total(row_of(classify_files.onnx))


def test_a_language_model_and_a_checkpoint_itself(lm_files, classify_files):
    assert row_of(lm_files.onnx)["texts"]["other"] == 0
    (row,) = Conformance(Asking(0, 1), None).rows(engines([classify_files.pt], []))
    assert sum(row["golden"].values()) == 0 and row["engine"]["runtime"] == "pytorch"
    assert row["texts"]["equal"] == total(row) and row["engine"]["release"]


def test_no_two_files_are_held_at_once(classify_files, tag_files, joint_files, monkeypatch):
    files = [classify_files.onnx, tag_files.onnx, joint_files.pte]
    held, most = weakref.WeakSet(), []

    def counted(path, **how):
        predictor = load(path, **how)
        held.add(predictor)
        most.append(len(held))
        return predictor

    monkeypatch.setattr("edgetext.conformance.engines.load", counted)
    rows = list(Conformance(Asking(0, 1), None).rows(engines(files, [])))
    assert [row["file"]["name"] for row in rows] == [file.name for file in files]
    # Each is loaded to be looked at, and again to be asked.
    assert most == [1] * 6


def test_labels_of_each_file_are_those_of_the_checkpoint(classify_files, joint_files):
    files = [classify_files.onnx, joint_files.onnx]
    with pytest.raises(EdgetextError, match="its task and those of"):
        list(Conformance(Asking(0, 1), classify_files.pt).rows(engines(files, [])))


def test_another_answer_is_counted_and_named(classify_files):
    row = row_of(classify_files.onnx, lambda outputs: (np.roll(outputs[0], 1), outputs[1]))
    differing = row["golden"]["other"] + row["texts"]["other"] + row["texts"]["borderline"]
    assert differing == total(row) // 5 and 0 < len(row["first"]) <= 20
    first = row["first"][0]
    assert first["likeness"] == "other" and " instead of " in first["what"]
    assert first["text"][0] in "'\"b"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda outputs: (outputs[0] * np.nan, outputs[1]), "not between 0 and 1"),
        (lambda outputs: (outputs[0].astype(np.float64), outputs[1]), "is float64, not float32"),
        (lambda outputs: outputs[:1], "ValueError"),
        (lambda outputs: 1 / 0, "ZeroDivisionError: division by zero"),
    ],
)
def test_what_an_engine_fails_at_is_other(classify_files, change, said):
    row = row_of(classify_files.onnx, change)
    assert row["golden"]["other"] + row["texts"]["other"] == total(row) // 5
    assert all(said in entry["what"] for entry in row["first"])


def test_an_engine_that_cannot_answer_the_first_text_is_refused(classify_files):
    with pytest.raises(EdgetextError, match=r"ONNX Runtime 9 cannot run it .ZeroDivisionError"):
        row_of(classify_files.onnx, lambda outputs: 1 / 0, every=1)
