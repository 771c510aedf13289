"""export: the same answers as the checkpoint, golden examples, determinism, nothing half-done."""

import hashlib
import json
import os

import numpy as np
import onnx
import pytest
import torch

from edgetext.artifacts import export as artifact
from edgetext.artifacts.export import export, output_paths
from edgetext.artifacts.golden import golden_examples
from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.data.example import Span
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.contract import GoldenExample, write_golden
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.targets.executorch.target import ExecuTorch
from edgetext.targets.onnx.layers import ZERO_POINT
from edgetext.targets.onnx.target import OnnxRuntime
from edgetext.tasks.answers.joint import Joint
from edgetext.tasks.answers.labels import LabelAnswer

LSTM = "{type: lstm, embedding: 32, hidden: 16, heads: 2, dropout: 0}"


@pytest.mark.parametrize(
    ("name", "kind"), [("joint", "onnx"), ("joint", "pte"), ("classify", "onnx")]
)
def test_a_float_model_answers_as_its_checkpoint(predictors, texts, name, kind):
    assert len(texts) > 100
    model = predictors[name]
    for text in texts:
        expected, found = model.pt.predict(text), getattr(model, kind).predict(text)
        assert (found.intent, found.spans) == (expected.intent, expected.spans), text
        assert found.truncated == expected.truncated, text
        assert found.scores == pytest.approx(expected.scores, abs=1e-4), text


@pytest.mark.parametrize("kind", ["onnx", "pte"])
def test_an_int8_model_answers_nearly_always_as_its_checkpoint(predictors, texts, kind):
    model = predictors["int8"]
    pairs = [(model.pt.predict(text), getattr(model, kind).predict(text)) for text in texts]
    alike = sum((a.intent, a.spans) == (b.intent, b.spans) for a, b in pairs)
    assert alike >= 0.97 * len(texts)
    far = [abs(a.scores[name] - b.scores[name]) for a, b in pairs for name in a.scores]
    assert np.mean(far) < 0.005 and np.quantile(far, 0.99) < 0.1


def test_the_int8_integers_go_in_unchanged_and_alone(int8_files):
    stored = {
        tensor.name: onnx.numpy_helper.to_array(tensor)
        for tensor in onnx.load(int8_files.onnx).graph.initializer
    }
    tensors = Checkpoint.load(int8_files.pt).tensors
    found = 0
    for name, weight in tensors.items():
        if weight.dtype != torch.int8:
            continue
        found += 1
        array = stored[f"answer.network.{name}"]
        if name == "embedding.weight":
            assert array.dtype == np.int8 and (array == weight.numpy()).all()
        else:
            assert array.dtype == np.uint8
            if array.ndim == 3:  # of MatMulNBits: blocks of rows
                array = array.reshape(len(array), -1)[:, : weight.shape[1]].T
            assert (weight.numpy() == array.astype(int).T - ZERO_POINT).all()
        sizes = [other.size for other in stored.values() if other.dtype == np.float32]
        assert weight.numel() not in sizes
    assert found >= 4


@pytest.mark.parametrize("suffix", ["onnx", "pte"])
def test_int8_makes_the_file_smaller(joint_files, int8_files, suffix):
    saved = Checkpoint.load(joint_files.pt).tensors, Checkpoint.load(int8_files.pt).tensors
    full, small = (sum(t.numel() * t.element_size() for t in s.values()) for s in saved)
    sizes = [getattr(files, suffix).stat().st_size for files in (joint_files, int8_files)]
    assert sizes[0] - sizes[1] > 0.7 * (full - small)


def test_golden_examples_are_the_checkpoints_answers(predictors):
    golden_examples_are_answers(predictors.values())


@pytest.mark.slow
def test_golden_examples_of_more_programs_are_the_checkpoints_answers(programs):
    golden_examples_are_answers(programs.values())


def golden_examples_are_answers(models):
    for model in models:
        golden, *others = (file.golden for kind, file in vars(model).items() if kind != "pt")
        assert len(golden) >= 8
        assert all(other == golden for other in others)
        for example in golden:
            answer = model.pt.predict(example.text)
            assert (answer.intent, answer.spans) == (
                example.expected.intent,
                example.expected.spans,
            )
            assert example.expected.score == pytest.approx(answer.score, abs=1e-4)
        kept = [example.text for example in golden]
        known = [text for text, *_ in model.pt.session.texts if text in kept]
        assert kept[: len(known)] == known


def test_golden_examples_stand_at_the_edges(predictors):
    for model in predictors.values():
        task = model.pt.task
        edges = vars(model)[kind_of(model)].golden
        assert any(not example.text.strip() for example in edges)
        long = [example for example in edges if example.expected.truncated]
        assert long and len(long[0].text.encode()) == model.pt.metadata.max_bytes + 1
        if task.finds_nothing(model.pt.predict("")):
            assert any(task.finds_nothing(example.expected) for example in edges)


def kind_of(model):
    """A kind of file of the model that carries golden examples."""
    return next(kind for kind in vars(model) if kind != "pt")


def test_texts_that_hang_on_rounding_are_left_out(int8, monkeypatch):
    monkeypatch.setattr(Joint, "agree", lambda self, one, other: False)
    with pytest.raises(EdgetextError, match="change their answer with the rounding of int8"):
        golden_examples(Model.load(int8))


def test_a_model_without_sure_answers_is_told_to_be_trained_longer(joint, int8, monkeypatch):
    monkeypatch.setattr(Joint, "is_decided", lambda self, answer: False)
    for file in (joint, int8):
        with pytest.raises(EdgetextError, match="two answers are as likely") as caught:
            golden_examples(Model.load(file))
        assert "train it longer" in str(caught.value) and "quantize" not in str(caught.value)


def test_no_note_of_the_machine_is_in_a_file(joint_files):
    for path in (joint_files.onnx, joint_files.pte):
        content = path.read_bytes()
        assert b"site-packages" not in content and b".py" not in content
        assert str(joint_files.pt.parent).encode() not in content


def test_the_card_has_the_metrics_hashes_labels_and_history(int8_files):
    card = int8_files.card.read_text("utf-8")
    header = Checkpoint.load(int8_files.pt).header
    for name, value in header.metrics["test"].items():
        assert f"| {name.replace('_', ' ')} | {100 * value:.2f} |" in card
    for path in (int8_files.onnx, int8_files.pte):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert f"| `{path.name}` | {path.stat().st_size:,} | `{digest}` |" in card
    for label in (*header.labels["intent"], "city", "day"):
        assert f"`{label}`" in card
    assert "8 bits" in card and "64 bytes" in card
    for step in header.history:
        assert step.command in card


def test_an_lstm_is_refused_for_mobile_before_anything_is_written(train_tiny, tmp_path, capsys):
    path = train_tiny(tmp_path / "lstm.pt", encoder=LSTM, epochs=1)
    capsys.readouterr()
    assert main(["export", str(path)]) == 2
    error = capsys.readouterr().err
    assert "ExecuTorch has no LSTM" in error and "--target server" in error
    assert f"edgetext distill {path}" in error and error.count("\n") == 1
    assert os.listdir(tmp_path) == ["lstm.pt"]


@pytest.mark.slow
def test_an_lstm_goes_on_a_server(train_tiny, tmp_path, texts):
    path = train_tiny(tmp_path / "lstm.pt", encoder=LSTM, epochs=3)
    assert main(["export", "--target", "server", str(path)]) == 0
    eager, exported = load(path), load(path.with_suffix(".onnx"))
    for text in texts:
        expected, found = eager.predict(text), exported.predict(text)
        assert (found.intent, found.spans) == (expected.intent, expected.spans), text
        assert found.scores == pytest.approx(expected.scores, abs=1e-4), text


@pytest.fixture
def ready_made(monkeypatch, joint_files):
    """export() without the half minute: the bytes of the session's artifacts."""

    def write(self, suffix, checkpoint, texts, way=""):
        content = getattr(joint_files, suffix[1:]).read_bytes()
        return content[: content.rindex(b"edgetext_sha256:")] if suffix == ".pte" else content[:-85]

    for target in (OnnxRuntime, ExecuTorch):
        monkeypatch.setattr(target, "write", write)


def test_a_file_that_answers_otherwise_never_appears(joint, tmp_path, monkeypatch, ready_made):
    wrong = [GoldenExample("fly", LabelAnswer("hotel", 0.9, (Span("city", 0, 3),)))]
    monkeypatch.setattr(
        artifact, "replay", lambda predictor: [type("R", (), {"same": False, "example": wrong[0],
                                                              "answer": wrong[0].expected})()]
    )  # fmt: skip
    (tmp_path / "joint.pte").write_bytes(b"old")
    with pytest.raises(
        EdgetextError, match=r"joint\.pte: .* in another way .* nothing was written"
    ):
        export(Model.load(joint), "mobile", tmp_path)
    assert os.listdir(tmp_path) == ["joint.pte"]
    assert (tmp_path / "joint.pte").read_bytes() == b"old"


def test_a_full_disk_at_the_last_file_leaves_none(joint, tmp_path, monkeypatch, ready_made):
    def full(path, content):
        with open("/dev/full", "wb", buffering=0) as device:
            device.write(b"x")

    monkeypatch.setattr(artifact, "write_text", full)
    with pytest.raises(EdgetextError, match="the disk is full"):
        export(Model.load(joint), "mobile", tmp_path)
    assert os.listdir(tmp_path) == []


def test_where_the_files_go(tmp_path):
    model = tmp_path / "m.pt"
    names = [tmp_path / "m.pte", tmp_path / "m.onnx"]
    assert output_paths(model, "mobile", None) == names
    assert output_paths(model, "server", None) == names[1:]
    assert output_paths(model, "mobile", tmp_path / "x") == [tmp_path / "x" / n.name for n in names]
    assert output_paths(model, "mobile", tmp_path / "a.pte") == [tmp_path / "a.pte"]
    with pytest.raises(EdgetextError, match=r"target server has no \.pte"):
        output_paths(model, "server", tmp_path / "a.pte")
    assert output_paths(model, "server", tmp_path / "a.ort") == [tmp_path / "a.ort"]
    with pytest.raises(EdgetextError, match="give a folder, or a name"):
        output_paths(model, "mobile", tmp_path / "a.bin")
    assert output_paths(model, "portable", None) == [tmp_path / "m-portable.onnx"]
    for suffix in (".ort", ".pte"):
        with pytest.raises(EdgetextError, match=rf"target portable has no \{suffix} file; take"):
            output_paths(model, "portable", tmp_path / f"a{suffix}")


def test_a_target_that_there_is_not_is_refused(joint, tmp_path):
    command = ["export", str(joint), "-o", str(tmp_path / "out"), "--target"]
    assert main([*command, "nowhere"]) == 2
    # What is no target for a program, neither.
    with pytest.raises(EdgetextError, match="target nowhere: there is no such target; take one of"):
        output_paths(joint, "nowhere", None)
    assert os.listdir(tmp_path) == []


def test_android_gets_artifacts_hashes_and_card(joint, tmp_path, capsys, ready_made):
    assets = tmp_path / "demo" / artifact.ASSETS
    assets.parent.mkdir(parents=True)
    command = ["export", str(joint), "-o", str(tmp_path / "out"), "--android"]
    assert main([*command, str(tmp_path / "demo")]) == 0
    for suffix in (".pte", ".onnx"):
        content = (assets / f"joint-full{suffix}").read_bytes()
        assert content == (tmp_path / "out" / f"joint{suffix}").read_bytes()
        digest = (assets / f"joint-full{suffix}.sha256").read_text()
        assert digest == hashlib.sha256(content).hexdigest() + "\n"
    assert (assets / "joint-full.md").read_text("utf-8").startswith("# joint (full)")
    assert len(os.listdir(assets)) == 5
    assert "next: edgetext predict" in capsys.readouterr().out


def test_a_folder_that_is_no_android_project_is_refused_first(joint, tmp_path, capsys):
    (tmp_path / "demo").mkdir()
    command = ["export", str(joint), "-o", str(tmp_path / "out"), "--android"]
    assert main([*command, str(tmp_path / "demo")]) == 2
    assert "android_demo" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["demo"]


def test_metadata_names_its_checkpoint(predictors, joint):
    fields = predictors["joint"].pte.metadata.fields
    assert fields["checkpoint_sha256"] == hashlib.sha256(joint.read_bytes()).hexdigest()
    assert fields["checkpoint_sha256"].startswith(fields["model_version"])
    pieces = Checkpoint.load(joint).header.pieces
    assert fields["vocabulary_sha256"] == hashlib.sha256("\n".join(pieces).encode()).hexdigest()
    model = predictors["joint"].pte
    (first, *_) = json.loads(write_golden(model.golden, model.metadata))
    assert model.metadata.intents[first["intent"]] == model.golden[0].expected.intent
