"""`export --target ray` and the like: of a checkpoint, of a file, and what is refused."""

import pytest

from edgetext.cli import main
from edgetext.predictor import load


def export(*arguments):
    return main(["export", *map(str, arguments)])


def test_a_checkpoint_is_exported_for_it(int8, tmp_path, capsys):
    folder = tmp_path / "served"
    assert export("--target", "triton", int8, "-o", folder) == 0
    assert "next: tritonserver --model-repository" in capsys.readouterr().out
    file = folder / int8.stem / "1/model.onnx"
    assert load(file).predict("fly to Oslo").intent == "flight"
    assert export("--target", "triton", int8, "-o", folder) == 0  # ours, written anew


def test_a_folder_of_others_stays(joint_files, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "app.py").write_text("x")
    assert export("--target", "ray", joint_files.onnx, "-o", tmp_path / "mine") == 2
    assert "did not write; move it away" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "app.py"]


@pytest.mark.parametrize("option", ["--ort", "--embed"])
def test_options_of_other_targets(joint_files, tmp_path, capsys, option):
    assert export("--target", "ray", joint_files.onnx, "-o", tmp_path / "x", option) == 2
    assert f"leave out {option}" in capsys.readouterr().err


def test_a_file_that_is_none(joint_files, tmp_path, capsys):
    assert export("--target", "kserve", joint_files.pte, "-o", tmp_path / "x") == 2
    assert "give a checkpoint (.pt) or an .onnx file" in capsys.readouterr().err
    assert export("--target", "kserve", joint_files.onnx, "-o", tmp_path / "x", "--batch") == 2
    assert "--batch is for checkpoints" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
