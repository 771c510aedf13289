"""Training with the rounding of the integers to come."""

import shutil
from dataclasses import replace

import pytest
import torch
from torch import nn

from edgetext.cli import main
from edgetext.compression.quantization.precision import Precision, store
from edgetext.compression.quantization.qat import teacher_of
from edgetext.compression.quantization.quantize import Choices, planned
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Step
from edgetext.model.model import Model
from edgetext.model.network import load_network
from edgetext.models.quantized import int4
from edgetext.models.quantized.layer import QuantizedEmbedding, QuantizedLayer
from edgetext.models.quantized.qat import FakeQuantization
from edgetext.recipe import Recipe
from edgetext.training.dataset import EncodedSet
from edgetext.training.splits import load_split


@pytest.fixture
def texts_of(data):
    def make(checkpoint):
        return EncodedSet.of(
            checkpoint.header, load_split(Recipe.load(data / "joint.yaml"), "test")
        )

    return make


EVERY = [
    Choices(),
    Choices(int4=["embedding"]),
    Choices(int4="all"),
    Choices(static="minmax"),
    Choices(static="percentile", int4=["embedding"]),
    Choices(static="minmax", keep=["encoder.layers.0"]),
    Choices(int4="all", keep=["embedding"]),
]


def twice(checkpoint, choices, data):
    """The fake-quantized network, the one that holds the integers, how, and what undoes it."""
    network, stored = load_network(checkpoint), load_network(checkpoint)
    precision = planned(network, choices, lambda: data, "joint.pt")
    store(stored, precision)
    fake = FakeQuantization(precision.scheme_of)
    fake.start(network)
    return network, stored, precision, fake


@pytest.mark.parametrize("choices", EVERY, ids=str)
def test_weights_in_training_are_what_the_integers_stand_for(joint, texts_of, monkeypatch, choices):
    checkpoint = Checkpoint.load(joint)
    network, stored, precision, _ = twice(checkpoint, choices, texts_of(checkpoint))
    used = []
    plain = nn.functional.linear

    def linear(x, weight, bias=None):
        used.append(weight.detach())
        return plain(x, weight, bias)

    monkeypatch.setattr(nn.functional, "linear", linear)
    rows = torch.arange(len(checkpoint.header.pieces))[None]
    table = network.embedding(rows)[0].detach()
    for name, module in stored.named_modules():
        if isinstance(module, QuantizedEmbedding):
            torch.testing.assert_close(table, module(rows)[0], atol=1e-6, rtol=0)
            torch.testing.assert_close(table, module.dequantized(), atol=1e-6, rtol=0)
        elif isinstance(module, QuantizedLayer):
            layer = network.get_submodule(name)
            static = name in precision.static_layers
            x = torch.zeros(1, 3, layer.in_features // (3 if static else 1))
            used.clear()
            layer.convolve(x, 3, None, False) if static else layer(x)
            torch.testing.assert_close(used[0], module.dequantized(), atol=1e-6, rtol=0)


@pytest.mark.parametrize("choices", EVERY, ids=str)
def test_a_rounding_network_answers_as_its_integers_will(joint, texts_of, choices):
    checkpoint = Checkpoint.load(joint)
    data = texts_of(checkpoint)
    batch = next(data.in_order(16))
    plain = load_network(checkpoint)(batch.ids, batch.mask)
    network, stored, _, fake = twice(checkpoint, choices, data)
    rounded, wanted = network(batch.ids, batch.mask), stored(batch.ids, batch.mask)
    for name, scores in wanted.items():
        # A value that lies between two integers may become the one here and the other there.
        assert (rounded[name] - scores).abs().max() < 2e-3 * scores.abs().max()
        assert not torch.equal(rounded[name], plain[name])
    rounded["intent"].sum().backward()
    assert network.encoder.layers[0].weight.grad.abs().sum() > 0
    fake.stop(network)
    assert torch.equal(network(batch.ids, batch.mask)["intent"], plain["intent"])


def test_a_table_that_is_an_output_matrix_too_rounds_as_both(lm):
    checkpoint = Checkpoint.load(lm)
    network, stored = load_network(checkpoint), load_network(checkpoint)
    FakeQuantization(Precision().scheme_of).start(network)
    store(stored, Precision())
    ids, x, bias = torch.arange(40)[None], torch.randn(1, 4, 32), network.head.bias
    torch.testing.assert_close(network.embedding(ids), stored.embedding(ids))
    torch.testing.assert_close(network.embedding.table(), stored.embedding.table())
    wanted = stored.embedding.scores(x, bias)
    torch.testing.assert_close(network.embedding.scores(x, bias), wanted)


def test_training_makes_up_for_few_bits(train_tiny, tmp_path, monkeypatch):
    """Of three values a weight, since the tiny model stands 15, in one that has just learnt it."""
    monkeypatch.setattr(int4, "INT4_MAX", 1)
    train_tiny(tmp_path / "m.pt", "joint", epochs=4)
    command = ["quantize", "--int4", "--int4-layers", "all", str(tmp_path / "m.pt")]
    assert main(command) == 0
    plain = Checkpoint.load(tmp_path / "m-int4.pt")
    assert main([*command, "--qat", "--epochs", "4", "--learning-rate", "0.01"]) == 0
    tuned = Checkpoint.load(tmp_path / "m-int4.pt")
    assert tuned.tensors["encoder.layers.0.packed"].dtype == torch.uint8
    before, after = (c.header.metrics["test"]["span_f1"] for c in (plain, tuned))
    assert before < 0.97 and after > before + 0.02


def test_what_training_does_not_improve_stays(joint, tmp_path, capsys):
    shutil.copy(joint, tmp_path / "m.pt")
    command = ["quantize", "--int8", "--qat", "--epochs", "1", "--learning-rate", "1"]
    assert main([*command, str(tmp_path / "m.pt")]) == 0
    tuned, source = Checkpoint.load(tmp_path / "m-qat.pt"), Checkpoint.load(joint)
    assert all(torch.equal(tuned.tensors[name], x) for name, x in source.tensors.items())
    shown = capsys.readouterr().err
    assert "before training  accuracy" in shown and "did not improve" in shown


def test_it_trains_on_and_then_quantizes(joint, tmp_path, capsys):
    shutil.copy(joint, tmp_path / "m.pt")
    command = ["quantize", "--int8", "--static", "--qat", "--epochs", "1", str(tmp_path / "m.pt")]
    assert main(command) == 0
    tuned = Checkpoint.load(tmp_path / "m-qat.pt")
    assert all(tensor.dtype == torch.float32 for tensor in tuned.tensors.values())
    assert tuned.header.variant == "full"
    made = Checkpoint.load(tmp_path / "m-int8.pt")
    assert made.tensors["encoder.layers.0.weight"].dtype == torch.int8
    steps = len(Checkpoint.load(joint).header.history)
    assert len(made.header.history) == steps + 2
    assert "wrote" in capsys.readouterr().out


def test_the_teacher_is_the_parent_that_lies_beside_it(joint, tmp_path):
    shutil.copy(joint, tmp_path / "teacher.pt")
    from edgetext.core.files import sha256

    student = Checkpoint.load(joint)
    made_of = Step(parent_sha256=sha256(joint))
    student = Checkpoint(replace(student.header, history=(made_of,)), student.tensors)
    student.save(tmp_path / "student.pt")
    assert (
        teacher_of(Model.of(student, tmp_path / "student.pt")) == tmp_path.resolve() / "teacher.pt"
    )
    made_of = Step(parent_sha256="0" * 64)
    student = Checkpoint(replace(student.header, history=(made_of,)), student.tensors)
    assert teacher_of(Model.of(student, tmp_path / "student.pt")) is None
    assert teacher_of(Model.of(student)) is None


@pytest.mark.parametrize("option", [["--epochs", "2"], ["--learning-rate", "0.1"], ["--resume"]])
def test_its_options_need_it(joint, capsys, option):
    assert main(["quantize", "--int8", str(joint), *option]) == 2
    assert "belong to --qat" in capsys.readouterr().err


def test_int8_cannot_train_on(int8, tmp_path, capsys):
    assert main(["quantize", "--int8", "--qat", str(int8), "-o", str(tmp_path / "x.pt")]) == 2
    assert "int8 already" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
