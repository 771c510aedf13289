"""Checkpoints: what comes back, and what is refused without running it."""

import json
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.model.checkpoint import Checkpoint
from edgetext.model.header import Header
from edgetext.version import __version__

FIELDS = {
    "format_version": 1,
    "edgetext_version": __version__,
    "task": "joint",
    "name": "tiny",
    "recipe": {"name": "tiny", "encoder": {"type": "bag"}},
    "vocabulary": {"pieces": ["[PAD]", "[UNK]", "[CLS]", "é"], "lowercase": True},
    "labels": {"intent": ["a", "b"], "tags": ["O", "B-x", "I-x"]},
    "max_bytes": 64,
    "variant": "full",
    "history": [],
    "metrics": {"accuracy": 0.5},
    "golden": ["née"],
}
HEADER = Header.from_dict(FIELDS)


def tensors():
    return {
        "weight": torch.arange(600, dtype=torch.float32).reshape(20, 30).requires_grad_(),
        "small": torch.tensor([1, -2], dtype=torch.int8),
    }


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "model.pt"
    Checkpoint(HEADER, tensors()).save(path)
    return path


class Attack:
    """Makes the file `proof` when it is unpickled by anything that trusts it."""

    def __init__(self, proof):
        self.proof = proof

    def __reduce__(self):
        return (Path.touch, (self.proof,))


def test_header_and_tensors_come_back(saved):
    loaded = Checkpoint.load(saved)
    assert loaded.header == HEADER
    assert set(loaded.tensors) == {"weight", "small"}
    for name, tensor in tensors().items():
        assert torch.equal(loaded.tensors[name], tensor)
        assert loaded.tensors[name].dtype == tensor.dtype


def test_the_bytes_do_not_depend_on_the_file_name(saved, tmp_path):
    Checkpoint(HEADER, tensors()).save(tmp_path / "other_name.pt")
    assert (tmp_path / "other_name.pt").read_bytes() == saved.read_bytes()


def test_a_view_does_not_carry_its_whole_storage(tmp_path):
    Checkpoint(HEADER, {"row": torch.zeros(100_000, 4)[0]}).save(tmp_path / "view.pt")
    assert (tmp_path / "view.pt").stat().st_size < 10_000


def test_a_missing_file(tmp_path):
    with pytest.raises(EdgetextError, match=r"absent\.pt: there is no such file"):
        Checkpoint.load(tmp_path / "absent.pt")


@pytest.mark.parametrize("kept", [0.0, 0.02, 0.5, 0.9, 0.999])
def test_a_truncated_file(saved, kept):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(EdgetextError, match=r"model\.pt: this checkpoint is truncated or damaged"):
        Checkpoint.load(saved)


def test_a_flipped_byte_in_a_tensor(saved):
    content = bytearray(saved.read_bytes())
    at = content.index(torch.arange(600, dtype=torch.float32).numpy().tobytes())
    content[at + 1000] ^= 1
    saved.write_bytes(content)
    with pytest.raises(EdgetextError, match="not those that were written"):
        Checkpoint.load(saved)


def foreign_text(path):
    path.write_text("label,text\n")


def foreign_zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")


def foreign_state_dict(path):
    torch.save({"weight": torch.ones(2)}, path)


def foreign_tensor(path):
    torch.save(torch.ones(2), path)


def foreign_tensor_names(path):
    torch.save({"header": json.dumps({"format_version": 1}), "tensors": {"a": [1]}}, path)


def foreign_header(path):
    torch.save({"header": "{}", "tensors": {}}, path)


@pytest.mark.parametrize(
    "make",
    [
        foreign_text,
        foreign_zip,
        foreign_state_dict,
        foreign_tensor,
        foreign_tensor_names,
        foreign_header,
    ],
)
def test_a_foreign_file(tmp_path, make):
    make(tmp_path / "foreign.pt")
    with pytest.raises(EdgetextError, match=r"foreign\.pt: not an edgetext checkpoint"):
        Checkpoint.load(tmp_path / "foreign.pt")


def torch_archive(path, content):
    torch.save(content, path)


def legacy_torch_file(path, content):
    torch.save(content, path, _use_new_zipfile_serialization=False)


def bare_pickle(path, content):
    path.write_bytes(pickle.dumps(content))


@pytest.mark.parametrize("make", [torch_archive, legacy_torch_file, bare_pickle])
@pytest.mark.parametrize("place", ["root", "header", "tensors"])
def test_pickled_code_is_refused_and_never_run(tmp_path, make, place):
    proof = tmp_path / "proof"
    content = {"header": json.dumps(FIELDS), "tensors": {}}
    if place == "root":
        content = Attack(proof)
    elif place == "header":
        content["header"] = Attack(proof)
    else:
        content["tensors"] = {"weight": Attack(proof)}
    make(tmp_path / "attack.pt", content)
    with pytest.raises(EdgetextError, match=r"pickled code|bare pickle file"):
        Checkpoint.load(tmp_path / "attack.pt")
    assert not proof.exists()
    if make is torch_archive and place == "root":
        # The attack is a real one: a reader that trusts the file runs it.
        torch.load(tmp_path / "attack.pt", weights_only=False)
        assert proof.exists()


def test_a_newer_format_asks_for_an_upgrade(tmp_path):
    Checkpoint(replace(HEADER, format_version=6), {}).save(tmp_path / "new.pt")
    with pytest.raises(EdgetextError, match=r"new\.pt: a newer edgetext .*format 6.*upgrade"):
        Checkpoint.load(tmp_path / "new.pt")


def test_a_header_without_its_parts_is_damage(tmp_path):
    header = {key: value for key, value in FIELDS.items() if key not in ("labels", "recipe")}
    torch.save({"header": json.dumps(header), "tensors": {}}, tmp_path / "part.pt")
    with pytest.raises(EdgetextError, match="its header lacks recipe, labels"):
        Checkpoint.load(tmp_path / "part.pt")
