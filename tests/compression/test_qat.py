"""Training with the rounding of the integers to come."""

import shutil

import pytest
import torch

from edgetext.cli import main
from edgetext.compression.calibrate import calibrate
from edgetext.compression.network import load_network
from edgetext.compression.precision import Precision, store
from edgetext.compression.qat import teacher_of
from edgetext.compression.static import start_rounding_with, stop_rounding_with
from edgetext.recipe import Recipe
from edgetext.training.checkpoint import Checkpoint
from edgetext.training.dataset import EncodedSet
from edgetext.training.splits import load_split


@pytest.fixture
def texts_of(data):
    def make(checkpoint):
        return EncodedSet.of(
            checkpoint.header, load_split(Recipe.load(data / "joint.yaml"), "test")
        )

    return make


def test_a_rounding_network_answers_as_its_integers_will(joint, texts_of):
    checkpoint = Checkpoint.load(joint)
    network, stored = load_network(checkpoint), load_network(checkpoint)
    data = texts_of(checkpoint)
    steps = calibrate(network, data.in_order(16), "minmax")
    store(stored, Precision(steps=steps))
    batch = next(data.in_order(16))
    before = network(batch.ids, batch.mask)
    start_rounding_with(network, steps)
    rounded, wanted = network(batch.ids, batch.mask), stored(batch.ids, batch.mask)
    for name, scores in wanted.items():
        # The table of the one has a step a row and of the other one step.
        assert (rounded[name] - scores).abs().max() < 0.03 * scores.abs().max()
        assert not torch.equal(rounded[name], before[name])
    rounded["intent"].sum().backward()
    assert network.encoder.layers[0].weight.grad.abs().sum() > 0
    stop_rounding_with(network, steps)
    assert torch.equal(network(batch.ids, batch.mask)["intent"], before["intent"])


def test_it_trains_on_and_then_quantizes(joint, tmp_path, capsys):
    shutil.copy(joint, tmp_path / "m.pt")
    command = ["quantize", "--int8", "--static", "--qat", "--epochs", "1", str(tmp_path / "m.pt")]
    assert main(command) == 0
    tuned = Checkpoint.load(tmp_path / "m-qat.pt")
    assert all(tensor.dtype == torch.float32 for tensor in tuned.tensors.values())
    assert tuned.header["variant"] == "full"
    made = Checkpoint.load(tmp_path / "m-int8.pt")
    assert made.tensors["encoder.layers.0.weight"].dtype == torch.int8
    steps = len(Checkpoint.load(joint).header["history"])
    assert len(made.header["history"]) == steps + 2
    assert "wrote" in capsys.readouterr().out


def test_the_teacher_is_the_parent_that_lies_beside_it(joint, tmp_path):
    shutil.copy(joint, tmp_path / "teacher.pt")
    from edgetext.files import sha256

    student = Checkpoint.load(joint)
    student.header["history"] = [{"parent_sha256": sha256(joint)}]
    student.save(tmp_path / "student.pt")
    assert teacher_of(student, tmp_path / "student.pt") == tmp_path.resolve() / "teacher.pt"
    student.header["history"] = [{"parent_sha256": "0" * 64}]
    assert teacher_of(student, tmp_path / "student.pt") is None


@pytest.mark.parametrize("option", [["--epochs", "2"], ["--learning-rate", "0.1"], ["--resume"]])
def test_its_options_need_it(joint, capsys, option):
    assert main(["quantize", "--int8", str(joint), *option]) == 2
    assert "belong to --qat" in capsys.readouterr().err


def test_int8_cannot_train_on(int8, tmp_path, capsys):
    assert main(["quantize", "--int8", "--qat", str(int8), "-o", str(tmp_path / "x.pt")]) == 2
    assert "int8 already" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
