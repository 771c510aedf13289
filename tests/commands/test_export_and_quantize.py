"""`edgetext export` and `edgetext quantize` without a MODEL, and what they print."""

import os
import shutil

import pytest

from edgetext.artifacts import export as artifact
from edgetext.cli import main


@pytest.fixture
def here(tmp_path, monkeypatch, joint, int8):
    """A folder with an older float model, a newer int8 one, and a stranger newer still."""
    monkeypatch.chdir(tmp_path)
    for age, source in ((30, joint), (20, int8)):
        shutil.copy(source, tmp_path)
        os.utime(tmp_path / source.name, (1e9 - age, 1e9 - age))
    (tmp_path / "stranger.pt").write_bytes(b"not a checkpoint")
    return tmp_path


def test_quantize_takes_the_newest_that_is_not_int8(here, capsys):
    os.remove("joint-int8.pt")
    assert main(["quantize", "--int8"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("newest checkpoint here: joint.pt\n")
    assert "wrote joint-int8.pt\n" in out or f"wrote {here / 'joint-int8.pt'}\n" in out
    assert "encoder.layers.0" in out and "next: edgetext export --target mobile" in out
    assert (here / "joint-int8.pt").exists()


def test_export_takes_the_newest_of_any_kind(here, capsys, monkeypatch):
    taken = []

    def stop(model, target, output, **options):
        taken.append(model.source.name)
        raise KeyboardInterrupt

    monkeypatch.setattr(artifact, "export", stop)
    assert main(["export"]) == 130
    assert taken == ["joint-int8.pt"]
    assert "newest checkpoint here: joint-int8.pt" in capsys.readouterr().out


def test_several_models_are_exported_together(joint, int8, tmp_path, capsys):
    models = [str(joint), str(int8)]
    assert main(["export", "--target", "server", *models, "-o", str(tmp_path)]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"joint.onnx", "joint.md", "joint-int8.onnx", "joint-int8.md"}
    out = capsys.readouterr().out
    assert f"evaluate {tmp_path / 'joint.onnx'} {tmp_path / 'joint-int8.onnx'}" in out


def test_files_of_two_models_have_two_names(joint, int8, tmp_path, capsys):
    assert main(["export", str(joint), str(int8), "-o", str(tmp_path / "a.onnx")]) == 2
    assert "one file cannot be that of 2 models; give a folder" in capsys.readouterr().err
    copied = shutil.copy(joint, tmp_path)
    assert main(["export", str(joint), str(copied), "-o", str(tmp_path / "out")]) == 2
    assert "would have files of the same name; export them apart" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["joint.pt"]


@pytest.mark.parametrize("command", [["export"], ["quantize", "--int8"]])
def test_without_any_checkpoint(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    error = capsys.readouterr().err
    assert "there is no checkpoint for this in" in error and error.count("\n") == 1


def test_the_precision_has_to_be_said(joint, capsys):
    assert main(["quantize", str(joint)]) == 2
    assert "--int8" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["onnx", "pte"])
@pytest.mark.parametrize(
    ("command", "output"), [(["export"], "x.onnx"), (["quantize", "--int8"], "x.pt")]
)
def test_an_artifact_is_no_checkpoint(joint_files, tmp_path, capsys, command, output, kind):
    path = getattr(joint_files, kind)
    assert main([*command, str(path), "-o", str(tmp_path / output)]) == 2
    error = capsys.readouterr().err
    assert "not an edgetext checkpoint" in error and error.count("\n") == 1
    assert os.listdir(tmp_path) == []
