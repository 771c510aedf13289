"""A model: what its file gives, what it says of itself, and what is made of it."""

import hashlib
import json
from dataclasses import replace

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.core.files import sha256
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.model import Model


def test_a_file_is_put_together(joint):
    model = Model.load(joint)
    assert model.header == Checkpoint.load(joint).header
    assert model.learner.task.name == "joint"
    assert list(model.vocabulary.pieces) == model.header.pieces
    assert not model.network.training
    assert model.source == joint and model.sha256 == model.digest() == sha256(joint)
    assert str(model) == str(joint) and model.recipe().task == "joint"


def test_what_it_saves_is_what_it_read(joint, int8, tmp_path):
    for path in (joint, int8):
        Model.load(path).save(tmp_path / "again.pt")
        old, new = Checkpoint.load(path), Checkpoint.load(tmp_path / "again.pt")
        assert old.header == new.header and list(old.tensors) == list(new.tensors)
        assert all(torch.equal(old.tensors[name], new.tensors[name]) for name in old.tensors)


def test_the_digest_of_a_model_without_a_file_is_that_of_its_file_to_be(joint, tmp_path):
    model = Model.of(Checkpoint.load(joint))
    model.save(tmp_path / "again.pt")
    assert model.sha256 is None and model.digest() == sha256(tmp_path / "again.pt")
    assert str(model) == f"model {model.header.name} (full)"


def test_what_replaces_it_is_a_step_longer_in_history(joint, int8):
    model = Model.load(joint)
    metrics = {"test": {"accuracy": 0.5}}
    child = model.replace(Model.load(int8).network, "int8", metrics)
    *before, step = child.header.history
    assert tuple(before) == model.header.history
    assert (step.parent_sha256, step.metrics) == (sha256(joint), metrics["test"])
    assert child.header.variant == "int8" and child.header.metrics == metrics
    assert child.header.quantization["embedding"] == "int8" and child.header.quantized
    assert child.source is None and child.vocabulary.pieces == model.vocabulary.pieces


def test_another_header_gives_another_learner_of_the_same_network(joint):
    model = Model.load(joint)
    other = model.with_header(task="classify", metrics={})
    assert other.learner.task.name == "classify" and not other.metadata().fields["metrics"]
    assert other.network is model.network and other.digest() == model.digest()


def test_a_copy_of_the_network_may_be_changed(joint):
    model = Model.load(joint)
    network = model.copied_network()
    before = model.network.embedding.weight.clone()
    with torch.no_grad():
        network.embedding.weight.zero_()
    assert torch.equal(model.network.embedding.weight, before)


def test_metadata_says_which_file_and_which_vocabulary(joint):
    model = Model.load(joint)
    metadata = model.metadata()
    pieces = "\n".join(model.vocabulary.pieces).encode("utf-8")
    assert metadata.fields["vocabulary_sha256"] == hashlib.sha256(pieces).hexdigest()
    assert metadata.fields["checkpoint_sha256"] == sha256(joint)
    assert metadata.fields["model_version"] == sha256(joint)[:12]
    assert metadata.max_bytes == model.header.max_bytes and metadata.slots


def test_a_header_without_pieces_or_labels_is_named(joint, tmp_path):
    content = torch.load(joint, weights_only=True)
    header = json.loads(content["header"])
    del header["vocabulary"]["pieces"]
    torch.save({"header": json.dumps(header), "tensors": content["tensors"]}, tmp_path / "m.pt")
    with pytest.raises(EdgetextError, match=r"m\.pt: the checkpoint's header lacks 'pieces'"):
        Model.load(tmp_path / "m.pt")
    model = Model.load(joint)
    model = replace(model, header=replace(model.header, labels={}))
    with pytest.raises(EdgetextError, match="header lacks"):
        model.pipeline()
