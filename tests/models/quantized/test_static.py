"""Static quantization: calibrated scales, integers that cannot saturate, and what is refused."""

from types import SimpleNamespace

import pytest
import torch
from convolving import batches, network
from once import made_once

from edgetext.cli import main
from edgetext.compression.quantization.calibrate import calibrate
from edgetext.compression.quantization.precision import Precision, store
from edgetext.compression.quantization.quantize import Choices, quantize
from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model
from edgetext.model.network import load_network
from edgetext.models.quantized.int8 import Int8Embedding
from edgetext.models.quantized.static import StaticConvolution
from edgetext.training.evaluation import Judged


def test_the_answers_stay_near_those_of_the_float_network():
    net, batch = network(heads=1, attention_after=1), next(batches())
    wanted = net(batch.ids, batch.mask)["intent"]
    store(net, Precision(static=calibrate(net, batches(), "minmax")))
    assert all(isinstance(layer, StaticConvolution) for layer in net.encoder.layers)
    assert isinstance(net.embedding, Int8Embedding) and net.embedding.per_tensor
    found = net(batch.ids, batch.mask)["intent"]
    assert 0 < (found - wanted).abs().max() < 0.05 * wanted.abs().max()


def test_padding_changes_no_answer_of_a_static_network():
    net = network()
    store(net, Precision(static=calibrate(net, batches())))
    batch = next(batches())
    alone = net(batch.ids[2:3, :3])["intent"]
    torch.testing.assert_close(net(batch.ids, batch.mask)["intent"][2:3], alone)


def test_the_file_alone_gives_the_static_network(joint, tmp_path):
    result = quantize(Model.load(joint), choices=Choices(static="minmax"))
    result.model.save(tmp_path / "static.pt")
    loaded = load_network(Checkpoint.load(tmp_path / "static.pt"))
    assert isinstance(loaded.encoder.layers[0], StaticConvolution)
    assert loaded.encoder.layers[0].weight.shape == (32, 3, 32)
    assert abs(result.after["accuracy"] - result.before["accuracy"]) < 0.1
    assert result.model.header.variant == "int8"


def test_a_layer_that_is_kept_stays_float(joint):
    result = quantize(
        Model.load(joint), choices=Choices(static="minmax", keep=["encoder.layers.0"])
    )
    tensors = result.model.tensors
    assert tensors["encoder.layers.0.weight"].dtype == torch.float32
    assert tensors["encoder.layers.1.weight"].dtype == torch.int8
    assert result.kept == ["encoder.layers.0"]
    costs = {layer.name: layer for layer in result.layers}
    assert costs["encoder.layers.0"].outputs == 0 < costs["encoder.layers.1"].outputs


def test_auto_keeps_no_layer_where_none_costs_anything(joint):
    assert quantize(Model.load(joint), choices=Choices(keep="auto", max_drop=50)).kept == []


def test_auto_keeps_the_worst_until_the_limit_holds(joint):
    from edgetext.compression.quantization import quantize as module

    scores = iter([0.9, 0.5, 0.6, 0.9])
    valid = SimpleNamespace(judged=lambda network, valid: Judged({"accuracy": next(scores)}))
    precision = Precision()
    errors = {"encoder.layers.0": 0.1, "embedding": 0.3, "encoder.layers.1": 0.2}
    kept = module._fall_back(Model.load(joint), precision, errors, valid, 1.0, ["accuracy"]).keep
    assert kept == {"embedding", "encoder.layers.1"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--keep-float", "encoder.layer.0"], "no such layer that becomes integers; did you mean"),
        (["--static", "--calibrate", "{data}/classify.yaml"], "of task classify cannot calibrate"),
        (["--static", "--calibrate", "{data}/train.csv"], "task joint"),
        (["--static", "--calibrate", "{other}"], "the model does not know the intent 'dance'"),
        (["--method", "minmax"], "belong to --static"),
    ],
)
def test_what_does_not_fit_is_one_sentence(joint, data, tmp_path, capsys, arguments, words):
    other = tmp_path / "other.tsv"
    other.write_text("dance\t\tlet us dance\n", "utf-8")
    filled = [argument.format(data=data, other=other) for argument in arguments]
    target = tmp_path / "x.pt"
    assert main(["quantize", "--int8", str(joint), *filled, "-o", str(target)]) == 2
    error = capsys.readouterr().err
    assert words in error and not target.exists()


def test_a_model_without_convolutions_has_nothing_static(train_tiny, models):
    path = models / "bag.pt"
    made_once(path, lambda: train_tiny(path, "classify", "{type: bag, embedding: 32}", epochs=1))
    with pytest.raises(EdgetextError, match="leave out --static"):
        quantize(Model.load(path), choices=Choices(static="minmax"))
