"""Whatever is wrong with a file: one line on stderr, status 2, nothing run, nothing written."""

import errno
import json
import os
import pickle
import random
import shutil
from pathlib import Path

import onnx
import pytest
import torch

from edgetext.cli import main
from edgetext.targets.onnx.target import OnnxRuntime

KINDS = ["pt", "onnx", "pte"]
READERS = [["predict"], ["inspect"], ["verify"], ["evaluate"]]
WRITERS = [["export"], ["export", "--target", "server"], ["quantize", "--int8"]]


def commands(path):
    """Every command that reads such a file."""
    readers = [[*command, path] for command in READERS]
    readers[0].append("hello")
    return readers + [[*command, path] for command in WRITERS if path.suffix == ".pt"]


def everywhere(refused, path, words):
    for command in commands(path):
        error = refused(*command)
        assert str(path) in error and words in error, command


@pytest.mark.parametrize("kind", KINDS)
def test_missing_folder_empty_and_random(tmp_path, refused, kind):
    path = tmp_path / f"m.{kind}"
    everywhere(refused, path, "no such file")
    path.mkdir()
    everywhere(refused, path, "is a")
    path.rmdir()
    path.write_bytes(b"")
    everywhere(refused, path, "it is empty")
    path.write_bytes(random.Random(1).randbytes(5000))
    everywhere(refused, path, "not an edgetext")


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "m.onnx", "--report"),
        ("calibrate", "m.pt", "-o"),
        ("conformance", "m.onnx", "--table"),
        ("conformance", "m.onnx", "--json"),
        ("errors", "m.pt", "--html"),
        ("quantize", "m.pt", "-o"),
        ("compress", "m.pt", "-o"),
        ("data", "convert", "a.jsonl", "-o"),
        ("models", "fetch", "repository#name@stage", "-o"),
    ],
)
def test_what_cannot_be_written_is_seen_before_anything_is_read(tmp_path, refused, words):
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "page.md"
    assert f"{place}: a part of this path is a file" in refused(*words, place)


@pytest.mark.parametrize(
    "words", [("calibrate",), ("prune", "--ratio", "0.5"), ("quantize", "--int8"), ("export",)]
)
def test_so_is_where_a_command_writes_by_itself(tmp_path, refused, monkeypatch, words):
    def full(path, *rest):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", full)
        assert "the disk is full" in refused(*words, tmp_path / "m.pt")


@pytest.mark.parametrize(
    "words",
    [
        ("distill", "student.pt", "-o", "./student.pt"),
        ("distill", "student.pt"),  # which would write this name by itself
        ("quantize", "--int8", "student.pt", "-o", "student.pt"),
        ("calibrate", "student.pt", "-o", "student.pt"),
        ("prune", "student.pt", "--ratio", "0.5", "-o", "student.pt"),
        ("label", "m.pt", "notes.jsonl", "more.jsonl", "-o", "more.jsonl"),
        ("redact", "notes.jsonl", "-o", "notes.jsonl"),
        ("errors", "student.pt", "-o", "student.pt"),
    ],
)
def test_what_is_read_is_never_written(tmp_path, refused, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    for name in ("m.pt", "student.pt", "notes.jsonl", "more.jsonl"):
        Path(name).write_text("kept")
    assert "would take the place of" in refused(*words)
    assert Path("student.pt").read_text() == Path("more.jsonl").read_text() == "kept"


@pytest.mark.parametrize("words", [("train", "r.yaml"), ("distill", "m.pt"), ("quantize", "m.pt")])
@pytest.mark.parametrize("name", ["m.onnx", "m.pte", "m.yaml", "rows.jsonl"])
def test_a_checkpoint_has_no_name_of_another_kind(tmp_path, refused, words, name):
    error = refused(*words, "-o", tmp_path / name)
    assert (
        f"{name}: what is written is a checkpoint" in error and f"{name.split('.')[0]}.pt" in error
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.999, 1])
def test_cut_short(int8_files, tmp_path, refused, kind, share):
    content = getattr(int8_files, kind).read_bytes()
    path = tmp_path / f"m.{kind}"
    path.write_bytes(content[: min(int(len(content) * share), len(content) - 1)])
    everywhere(refused, path, "copy it again")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.9])
def test_flipped_bytes(int8_files, tmp_path, refused, kind, place):
    content = bytearray(getattr(int8_files, kind).read_bytes())
    content[int(len(content) * place)] ^= 0x40
    path = tmp_path / f"m.{kind}"
    path.write_bytes(content)
    everywhere(refused, path, "damaged")


def test_bytes_after_the_end(int8_files, tmp_path, refused):
    for kind in ("onnx", "pte"):
        path = tmp_path / f"m.{kind}"
        path.write_bytes(getattr(int8_files, kind).read_bytes() + b"\n")
        everywhere(refused, path, "not an edgetext artifact, or one that was cut short")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", KINDS)
def test_a_renamed_file(int8_files, tmp_path, refused, kind, name):
    if kind == name:
        return
    path = tmp_path / f"m.{name}"
    shutil.copy(getattr(int8_files, kind), path)
    for command in READERS:
        assert f"that of a .{kind} file; rename it" in refused(
            *command, path, *(["a"] if command == ["predict"] else [])
        )


def test_an_onnx_file_of_another_program(tmp_path, refused):
    value = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    other = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])
    graph = onnx.helper.make_graph([node], "g", [value], [other])
    onnx.save(onnx.helper.make_model(graph), tmp_path / "m.onnx")
    everywhere(refused, tmp_path / "m.onnx", "not an edgetext artifact")


def test_an_executorch_program_of_another_program(joint_files, tmp_path, refused):
    content = joint_files.pte.read_bytes()
    path = tmp_path / "m.pte"
    path.write_bytes(content[: content.rindex(b"edgetext_sha256")])
    everywhere(refused, path, "not an edgetext artifact")


@pytest.mark.parametrize(
    "value",
    [
        torch.nn.Linear(2, 2),
        torch.nn.Linear(2, 2).state_dict(),
        {"header": "{}", "tensors": {}},
        {"header": "[1]", "tensors": {}},
        [1, 2],
    ],
    ids=["module", "state", "bare header", "list header", "list"],
)
def test_a_torch_file_of_another_program(tmp_path, refused, value):
    path = tmp_path / "m.pt"
    torch.save(value, path)
    everywhere(refused, path, "edgetext")


class _Touch:
    """Pickled, it makes a file when it is read."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["torch", "bare"])
def test_code_in_a_file_does_not_run(tmp_path, refused, kind, how):
    path, made = tmp_path / f"m.{kind}", tmp_path / "made"
    if how == "torch":
        torch.save({"header": _Touch(made), "tensors": {}}, path)
    else:
        path.write_bytes(pickle.dumps(_Touch(made)))
    everywhere(refused, path, str(path))
    assert not made.exists()


def _damaged_header(joint, path, change):
    content = torch.load(joint, weights_only=True)
    header = json.loads(content["header"])
    change(header, content["tensors"])
    torch.save({"header": json.dumps(header), "tensors": content["tensors"]}, path)
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda header, _: header.update(format_version=99), "upgrade edgetext"),
        (lambda header, _: header.pop("max_bytes"), "lacks 'max_bytes'"),
        (lambda _, tensors: tensors.pop("head.intent.bias"), "tensors are not those"),
        (lambda header, _: header["recipe"]["encoder"].update(type="mine"), "mine"),
    ],
    ids=["newer", "no max_bytes", "no bias", "a user's encoder"],
)
def test_a_checkpoint_that_does_not_fit_itself(joint, tmp_path, refused, change, words):
    path = _damaged_header(joint, tmp_path / "m.pt", change)
    for command in (["predict", path, "a"], ["verify", path], ["export", path]):
        assert words in refused(*command)


def test_a_full_disk_leaves_nothing(joint, tmp_path, refused, monkeypatch):
    opened = Path.open

    def full(path, mode="r", *options, **named):
        if "w" in mode:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return opened(path, mode, *options, **named)

    monkeypatch.setattr(OnnxRuntime, "write", lambda *arguments: b"model")
    monkeypatch.setattr(Path, "open", full)
    command = ["quantize", "--int8", joint, "-o", tmp_path / "m.pt"]
    assert "the disk is full" in refused(*command)
    assert "the disk is full" in refused("export", joint, "--target", "server", "-o", tmp_path)


def test_an_output_that_is_no_place_for_a_file(joint, tmp_path, refused):
    (tmp_path / "file").write_text("x")
    assert "a part of this path is a file" in refused(
        "quantize", "--int8", joint, "-o", tmp_path / "file" / "m.pt"
    )


def test_an_unknown_label_in_the_test_split(joint, data, tmp_path, refused, write_recipe, capfd):
    recipe = write_recipe(tmp_path, "odd")
    lines = (data / "train.tsv").read_text("utf-8")
    (tmp_path / "train.tsv").write_text(lines, "utf-8")
    (tmp_path / "test.tsv").write_text("hotel\t\ta room\nmusic\t\tplay jazz\n")
    for command in (
        ["quantize", "--int8", joint, "--recipe", recipe, "-o", tmp_path / "m.pt"],
        ["evaluate", joint, "--recipe", recipe],
    ):
        error = refused(*command)
        assert "test.tsv:2: " in error and "'music'" in error
    assert main(["train", str(recipe), "-o", str(tmp_path / "m.pt")]) == 2
    assert "test.tsv:2: the intent 'music' is not in" in capfd.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "m.pt").exists()


def test_an_intent_with_one_example_trains(data, tmp_path, write_recipe):
    """That is little, and no error."""
    recipe = write_recipe(tmp_path, "few", epochs=1)
    lines = (data / "train.tsv").read_text("utf-8")
    (tmp_path / "train.tsv").write_text(lines + "music\t\tplay jazz\n", "utf-8")
    shutil.copy(data / "test.tsv", tmp_path)
    assert main(["train", str(recipe), "-o", str(tmp_path / "m.pt")]) == 0
    assert main(["quantize", "--int8", str(tmp_path / "m.pt")]) == 0


def test_a_malformed_tree_stops_or_is_skipped(data, tmp_path, refused, write_recipe):
    recipe = write_recipe(tmp_path, "trees", "parse", epochs=1)
    lines = (data / "train.top").read_text("utf-8")
    (tmp_path / "train.top").write_text(lines + "go on\tgo on\t[IN:GO go [SL:X on ]\n", "utf-8")
    shutil.copy(data / "test.top", tmp_path)
    error = refused("train", recipe, "-o", tmp_path / "m.pt")
    assert "train.top:97: the tree does not close IN:GO; add a `]`" in error
    skip = ["--set", "data.on_error=skip"]
    assert main(["train", str(recipe), "-o", str(tmp_path / "m.pt"), *skip]) == 0


def test_one_intent_alone_is_no_task(tmp_path, refused, write_recipe):
    recipe = write_recipe(tmp_path, "one")
    for split in ("train", "test"):
        (tmp_path / f"{split}.tsv").write_text("music\t\tplay jazz\n")
    assert "needs at least 2" in refused("train", recipe, "-o", tmp_path / "m.pt")
