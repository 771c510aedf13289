"""The scheme of docs/extend/scheme.py: one file, from `quantize` to an exported one."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

import edgetext
from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.network import load_network
from edgetext.models.quantized.exported_layers import Place, exported_layer
from edgetext.models.quantized.layer import schemes_of
from edgetext.models.quantized.qat import FakeQuantization
from edgetext.models.quantized.scheme import becomes_integers, scheme_class
from edgetext.targets.executorch.layers import DynamicInt8Linear
from edgetext.targets.onnx.layers import OnnxInt8Linear

FOLDER = Path(__file__).parents[2] / "docs/extend"
FILE = FOLDER / "scheme.py"
TEXTS = ["book a room in Rome on Monday", "is it raining?", "", "??"]


@pytest.fixture(scope="module")
def powers(joint, tmp_path_factory):
    """The tiny joint model, stored by the scheme of the page."""
    path = tmp_path_factory.mktemp("powers") / "joint-powers.pt"
    command = ["quantize", "--scheme", "powers", str(joint), "-o", str(path)]
    assert main(["--import", str(FILE), *command]) == 0
    return path


def test_the_page_shows_the_file():
    page = (FOLDER / "scheme.md").read_text("utf-8")
    assert f"```python\n{FILE.read_text('utf-8').strip()}\n```" in page


def test_a_checkpoint_names_its_scheme_and_loads(joint, powers):
    checkpoint, source = Checkpoint.load(powers), Checkpoint.load(joint)
    assert checkpoint.header.variant == "powers"
    network = load_network(checkpoint)
    assert checkpoint.header.quantization == schemes_of(network)
    assert set(schemes_of(network).values()) == {"powers"}
    weight = network.encoder.layers[0].dequantized()
    plain = source.tensors["encoder.layers.0.weight"]
    assert 0 < (weight - plain).abs().max() < plain.abs().max() / 100
    assert checkpoint.tensors["encoder.layers.0.exponent"].dtype == torch.int8


def test_it_is_refused_to_be_quantized_again(powers, tmp_path, capsys):
    assert main(["quantize", "--int8", str(powers), "-o", str(tmp_path / "x.pt")]) == 2
    assert "this checkpoint is powers already" in capsys.readouterr().err


def test_the_exported_file_gives_the_checkpoints_answers(powers):
    assert main(["export", "--target", "server", str(powers)]) == 0
    checkpoint, exported = edgetext.load(powers), edgetext.load(powers.with_suffix(".onnx"))
    for text in TEXTS:
        expected, answer = checkpoint.predict(text), exported.predict(text)
        assert answer.intent == expected.intent and answer.spans == expected.spans
        assert abs(answer.score - expected.score) < 0.02


def test_each_runtime_gets_its_own_operator(powers):
    layer = load_network(Checkpoint.load(powers)).encoder.layers[0]
    place = Place("encoder.layers.0")
    assert isinstance(exported_layer("onnxruntime", layer, place), OnnxInt8Linear)
    program = exported_layer("executorch", layer, place)
    assert isinstance(program, DynamicInt8Linear)
    assert torch.equal(program.weight, layer.weight)
    assert torch.equal(program.scale, layer.scale())


def test_it_trains_fake_quantized(joint, powers):
    stored, network = load_network(Checkpoint.load(powers)), load_network(Checkpoint.load(joint))

    def powers_for_all(name, layer):
        return scheme_class("powers")() if becomes_integers(layer) else None

    FakeQuantization(powers_for_all).start(network)
    ids = torch.arange(3, 12)[None]
    answer, expected = network(ids)["intent"], stored(ids)["intent"]
    torch.testing.assert_close(answer, expected, atol=2e-3, rtol=2e-3)
    answer.sum().backward()
    assert network.encoder.layers[0].weight.grad.abs().sum() > 0


def test_a_scheme_that_is_not_known_or_not_free_is_refused(joint, tmp_path, capsys):
    for name, words in (
        ("power", "power is not a type of scheme"),
        ("static", "for static quantization give --int8 --static"),
    ):
        command = ["quantize", "--scheme", name, str(joint), "-o", str(tmp_path / "x.pt")]
        assert main(command) == 2
        assert words in capsys.readouterr().err
    assert main(["quantize", "--scheme", "int8", "--int4", str(joint)]) == 2
    assert "exclude each other" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_checkpoint_of_a_missing_scheme_says_its_name(powers):
    checkpoint = Checkpoint.load(powers)
    header = replace(checkpoint.header, quantization={"embedding": "nowhere"})
    with pytest.raises(EdgetextError, match="nowhere is not a type of scheme"):
        load_network(Checkpoint(header, checkpoint.tensors))
