"""Embedders of sentence-transformers: modules.json, what it names, and their vectors."""

import json

import pytest
import torch
from huggingface_models import WIDTH, values, write_model
from safetensors.torch import save_file

from edgetext.core.errors import EdgetextError
from edgetext.huggingface.import_model import Choices, import_model
from edgetext.huggingface.kinds import Asked

TEXT = "The rain in Paris is cold!"


def embedder(folder, *modules, **pooling):
    """Write a folder with an encoder, a Pooling and other modules."""
    tensors = write_model(folder, architectures=["BertModel"])
    kept = {n.removeprefix("bert."): t for n, t in tensors.items() if n.startswith("bert.")}
    save_file(kept, str(folder / "model.safetensors"))
    kinds = ["Transformer", "Pooling", *modules]
    rows = []
    for i, kind in enumerate(kinds):
        path = f"{i}_{kind}" if i else ""
        rows.append({"path": path, "type": f"sentence_transformers.models.{kind}"})
        (folder / path).mkdir(exist_ok=True)
    (folder / "modules.json").write_text(json.dumps(rows))
    (folder / "1_Pooling/config.json").write_text(json.dumps(pooling))
    return folder


def answer(model):
    (vector, _) = model.pipeline()(torch.tensor([list(TEXT.encode())], dtype=torch.uint8))
    return vector[0]


@torch.no_grad()
def states(model):
    ids = torch.from_numpy(model.vocabulary.encode(TEXT).ids)[None]
    return model.network.encoder(model.network.embedding(ids))[0]


def unit(vector):
    return vector / vector.norm()


@torch.no_grad()
@pytest.mark.parametrize(
    ("pooling", "pool"),
    [
        ({"pooling_mode_mean_tokens": True}, lambda x: x.mean(0)),
        ({"pooling_mode_cls_token": True}, lambda x: x[0]),
        ({"pooling_mode": "max"}, lambda x: x.amax(0)),
        ({"pooling_mode": ["mean_sqrt_len_tokens"]}, lambda x: x.sum(0) / len(x) ** 0.5),
        ({"pooling_mode_mean_sqrt_len_tokens": True}, lambda x: x.sum(0) / len(x) ** 0.5),
        (
            {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True},
            lambda x: torch.cat([x[0], x.mean(0)]),
        ),
    ],
)
def test_a_text_has_the_pooled_vector(tmp_path, pooling, pool):
    model = import_model(str(embedder(tmp_path, "Normalize", **pooling)))
    assert model.header.task == "embed"
    torch.testing.assert_close(answer(model), unit(pool(states(model))))


@torch.no_grad()
def test_a_dense_layer_and_a_shorter_vector(tmp_path):
    folder = embedder(tmp_path, "Dense", pooling_mode_mean_tokens=True)
    own = folder / "2_Dense"
    weight, bias = values("linear", 6, WIDTH), values("linear.bias", 6)
    fields = {"in_features": WIDTH, "out_features": 6, "activation_function": "torch.nn.Tanh"}
    (own / "config.json").write_text(json.dumps(fields))
    save_file({"linear.weight": weight, "linear.bias": bias}, str(own / "model.safetensors"))
    model = import_model(str(folder))
    expected = torch.tanh(weight @ states(model).mean(0) + bias)
    torch.testing.assert_close(answer(model), unit(expected))
    shorter = import_model(str(folder), Choices(head=Asked(dimension=4)))
    torch.testing.assert_close(answer(shorter), unit(expected[:4]))


def test_its_own_limit_of_pieces(tmp_path):
    folder = embedder(tmp_path, pooling_mode_mean_tokens=True)
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 12}')
    model = import_model(str(folder))
    assert len(model.vocabulary.encode("the " * 40).ids) == 12
    assert len(model.network.encoder.positions.weight) == 12


@pytest.mark.parametrize(
    ("modules", "pooling", "sentence"),
    [
        ((), {"pooling_mode_weightedmean_tokens": True}, "is not imported; the poolings are"),
        ((), {"pooling_mode": ["mean", "lasttoken"]}, "lasttoken is not imported"),
        ((), {"pooling_mode": 3}, "3 is not imported; the poolings are"),
        ((), {}, "it names no pooling"),
        (("LSTM",), {"pooling_mode_cls_token": True}, "modules of type 'LSTM' are not imported"),
    ],
)
def test_modules_that_are_not_imported(tmp_path, modules, pooling, sentence):
    folder = embedder(tmp_path, *modules, **pooling)
    with pytest.raises(EdgetextError, match=sentence):
        import_model(str(folder))


def test_a_module_beyond_the_folder(tmp_path):
    folder = embedder(tmp_path / "model", pooling_mode_cls_token=True)
    rows = json.loads((folder / "modules.json").read_text())
    rows[1]["path"] = "../elsewhere"
    (folder / "modules.json").write_text(json.dumps(rows))
    with pytest.raises(EdgetextError, match="is no folder in this one"):
        import_model(str(folder))
