"""quantize: what becomes int8, what that costs, and when it is refused."""

import pytest
import torch

from edgetext.cli import main
from edgetext.compression.quantization.quantize import Choices, check_drop, quantize
from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.model.network import load_network
from edgetext.models.quantized import weights
from edgetext.models.quantized.int8 import Int8Embedding, Int8Linear
from edgetext.models.quantized.scheme import SMALL
from edgetext.models.quantized.weights import quantize_rows
from edgetext.recipe import Recipe
from edgetext.training.dataset import EncodedSet
from edgetext.training.evaluation import judge
from edgetext.training.splits import load_split


@pytest.fixture
def coarse(monkeypatch):
    """Weights of three values, as nothing survives them."""
    monkeypatch.setattr(weights, "INT8_MAX", 1)


def test_large_layers_become_int8_and_small_ones_stay(joint, int8):
    before, after = Checkpoint.load(joint).tensors, Checkpoint.load(int8).tensors
    kinds = {True: [], False: []}
    for name, weight in before.items():
        is_int8 = after[name].dtype == torch.int8
        kinds[is_int8].append(name)
        if is_int8:
            assert name == "embedding.weight" or weight.numel() >= SMALL
            values, scale = quantize_rows(weight)
            assert torch.equal(after[name], values)
            stored = after[name.removesuffix("weight") + "scale"]
            assert torch.equal(stored.reshape(-1), scale)
        else:
            assert torch.equal(after[name], weight)
            assert weight.dim() < 2 or weight.numel() < SMALL
    assert "encoder.layers.0.weight" in kinds[True] and "embedding.weight" in kinds[True]
    assert "head.intent.weight" in kinds[False] and "encoder.norms.0.weight" in kinds[False]


def test_the_costs_add_up(joint):
    result = quantize(Model.load(joint))
    tensors = Checkpoint.load(joint).tensors
    assert sum(layer.before for layer in result.layers) == sum(
        t.numel() * t.element_size() for t in tensors.values()
    )
    assert sum(layer.after for layer in result.layers) == sum(
        t.numel() * t.element_size() for t in result.model.tensors.values()
    )
    for layer in result.layers:
        if layer.weights:
            assert layer.after < 0.35 * layer.before and layer.weights < 0.02
        else:
            assert layer.after == layer.before


def test_metrics_before_and_after_are_those_of_the_test_split(joint, coarse):
    result = quantize(Model.load(joint))
    header = Checkpoint.load(joint).header
    assert result.before == header.metrics["test"]
    made = result.model.header
    assert made.metrics == {"test": result.after} and result.after != result.before
    assert made.variant == "int8"
    assert made.quantization["embedding"] == "int8"
    assert made.history[:-1] == header.history
    assert made.history[-1].metrics == result.after


def test_the_file_alone_gives_the_quantized_network(int8, data):
    checkpoint = Checkpoint.load(int8)
    network = load_network(checkpoint)
    assert isinstance(network.embedding, Int8Embedding)
    assert isinstance(network.encoder.layers[0], Int8Linear)
    assert isinstance(network.encoder.attention.qkv, Int8Linear)
    assert not network.training
    test = EncodedSet.of(checkpoint.header, load_split(Recipe.load(data / "joint.yaml"), "test"))
    found = judge(network, test).metrics
    assert found == checkpoint.header.metrics["test"]


def test_a_layer_of_zeros_costs_nothing(joint, tmp_path):
    checkpoint = Checkpoint.load(joint)
    checkpoint.tensors["encoder.layers.0.weight"].zero_()
    checkpoint.save(tmp_path / "zero.pt")
    layers = {layer.name: layer for layer in quantize(Model.load(tmp_path / "zero.pt")).layers}
    assert layers["encoder.layers.0"].weights == 0


def test_the_same_input_gives_the_same_bytes(joint, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["edgetext", "quantize"])
    for name in ("a", "b"):
        assert main(["quantize", "--int8", str(joint), "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_int8_of_int8_is_refused(int8, tmp_path, capsys):
    assert main(["quantize", "--int8", str(int8), "-o", str(tmp_path / "x.pt")]) == 2
    assert "int8 already" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_drop_over_the_limit_writes_nothing(joint, tmp_path, capsys, coarse):
    target = tmp_path / "x.pt"
    command = ["quantize", "--int8", str(joint), "-o", str(target)]
    assert main([*command, "--max-drop", "1"]) == 2
    captured = capsys.readouterr()
    assert "more than --max-drop 1" in captured.err and captured.err.count("\n") == 1
    assert "test split" in captured.out and not list(tmp_path.iterdir())
    assert main([*command, "--max-drop", "100"]) == 0 and target.exists()


def test_the_limit_itself_is_allowed(joint):
    result = quantize(Model.load(joint))
    result.before["accuracy"], result.after["accuracy"] = 0.75, 0.5
    check_drop(result, 25)
    with pytest.raises(EdgetextError, match=r"accuracy falls from 75\.00 to 50\.00"):
        check_drop(result, 24.9)


def test_a_limit_may_be_of_one_metric(classify):
    result = quantize(Model.load(classify), choices=Choices(metrics=["macro_f1"]))
    assert {"accuracy", "macro_f1"} <= set(result.before) and result.watched == ["macro_f1"]
    result.before["accuracy"], result.after["accuracy"] = 0.75, 0.5
    check_drop(result, 10)
    result.before["macro_f1"], result.after["macro_f1"] = 0.75, 0.5
    with pytest.raises(EdgetextError, match=r"macro_f1 falls from 75\.00 to 50\.00"):
        check_drop(result, 10)


def test_macro_f1_is_kept_by_a_model_where_it_was_asked_for(classify):
    asked = quantize(Model.load(classify), choices=Choices(metrics=["macro_f1"])).model
    assert asked.header.metrics["test"]["macro_f1"] <= 1
    assert "macro_f1" not in quantize(Model.load(classify)).model.header.metrics["test"]


def test_a_metric_that_the_task_lacks_is_refused(joint, tmp_path, capsys):
    target = tmp_path / "x.pt"
    command = ["quantize", "--int8", str(joint), "-o", str(target), "--metric", "macro"]
    assert main(command) == 2
    error = capsys.readouterr().err
    assert "--metric macro: this task has no such metric (known: accuracy" in error
    assert "macro_f1" in error and not target.exists()


def test_the_worst_classes_are_measured_anew(joint):
    before = [{"label": "flight", "f1": 0.0, "texts": 1}]
    header = quantize(Model.load(joint).with_header(worst_classes=before)).model.header
    assert {each["label"] for each in header.worst_classes} == {"flight", "hotel", "weather"}
    assert [x["f1"] for x in header.worst_classes] == sorted(x["f1"] for x in header.worst_classes)


def test_another_recipe_measures_it(joint, data, tmp_path, write_recipe):
    path = write_recipe(tmp_path, "few")
    lines = (data / "test.tsv").read_text("utf-8").splitlines(keepends=True)
    for split in ("train", "test"):
        (tmp_path / f"{split}.tsv").write_text("weather\t\t" + lines[0].split("\t")[2], "utf-8")
    assert quantize(Model.load(joint), Recipe.load(path)).before["frame_accuracy"] == 0


@pytest.mark.parametrize("change", ["missing", "shape", "scale"])
def test_tensors_of_another_network_are_one_sentence(int8, tmp_path, change):
    checkpoint = Checkpoint.load(int8)
    if change == "missing":
        del checkpoint.tensors["head.intent.bias"]
    elif change == "scale":
        del checkpoint.tensors["encoder.layers.0.scale"]
    else:
        checkpoint.tensors["head.intent.bias"] = torch.zeros(7)
    with pytest.raises(EdgetextError, match=r"broken\.pt: the tensors are not those"):
        load_network(checkpoint, "broken.pt")
