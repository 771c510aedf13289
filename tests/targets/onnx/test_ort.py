"""Files in ORT format: the same answers, sealed, with the operators that a minimal build needs."""

import json
import shutil

import pytest
from once import made_once

import edgetext.targets.onnx.ort as ort_module
from edgetext.artifacts.export import export
from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.model.model import Model
from edgetext.predictor import load
from edgetext.targets.onnx.target import REQUIRED, OnnxRuntime


@pytest.fixture(scope="module")
def ort(int8, models):
    path = models / "minimal.ort"
    return made_once(path, lambda: export(Model.load(int8), "server", path))


def test_it_answers_as_the_checkpoint_and_verifies(ort, int8, capsys):
    found, expected = load(ort), load(int8)
    for text in ("book me a seat to Paris tomorrow", "is it cold in Zürich?", ""):
        assert found.predict(text).intent == expected.predict(text).intent
    assert main(["verify", str(ort)]) == 0
    assert "answered alike" in capsys.readouterr().out


def test_the_operators_stand_beside_it(ort):
    lines = ort.with_suffix(REQUIRED).read_text("utf-8").splitlines()
    assert all(line.count(";") >= 2 and not line.startswith("#") for line in lines)
    assert any(
        line.startswith("com.microsoft;") and "DynamicQuantizeMatMul" in line for line in lines
    )


def test_where_its_bytes_are_is_told_as_for_onnx(ort, int8_files, capsys):
    def parts_of(path):
        assert main(["inspect", "--json", str(path)]) == 0
        found = json.loads(capsys.readouterr().out)
        return {part["part"]: part["bytes"] for part in found["parts"]}

    found, onnx = parts_of(ort), parts_of(int8_files.onnx)
    assert sum(found.values()) == ort.stat().st_size and min(found.values()) >= 0
    for name in ("embedding", "encoder.layers.0", "encoder.attention.qkv", "constants"):
        assert found[name] == onnx[name] > 0
    assert found["text graph"] == pytest.approx(onnx["text graph"], rel=0.1)
    # Every operator, and every value's name and type.
    assert found["nodes"] > 100 * 50 and found["names and types of values"] > 100 * 20
    assert found["graph and file structure"] < 0.15 * ort.stat().st_size


def test_damage_and_a_wrong_name_are_told(ort, tmp_path):
    content = ort.read_bytes()
    (tmp_path / "cut.ort").write_bytes(content[:-1])
    changed = bytearray(content)
    changed[1000] ^= 1
    (tmp_path / "changed.ort").write_bytes(changed)
    shutil.copy(ort, tmp_path / "named.onnx")
    for name, words in (
        ("cut.ort", "cut short"),
        ("changed.ort", "not those that were written"),
        ("named.onnx", "that of a .ort file"),
    ):
        with pytest.raises(EdgetextError, match=words):
            load(tmp_path / name)


def test_it_is_asked_for_beside_the_others(joint, tmp_path, monkeypatch, capsys):
    from edgetext.artifacts import export as artifact

    written = []
    monkeypatch.setattr(OnnxRuntime, "write", lambda *given: written.append(given[1]) or b"x")
    monkeypatch.setattr(ort_module, "to_ort", lambda content: b"ort of " + content)
    monkeypatch.setattr(ort_module, "required_operators", lambda content: "operators\n")
    monkeypatch.setattr(artifact, "check_written", lambda *paths: None)
    shutil.copy(joint, tmp_path / "m.pt")
    made = artifact.export(Model.load(tmp_path / "m.pt"), "server", also=[".ort"])
    assert [path.name for path in made.files] == ["m.onnx", "m.ort"]
    assert written == [".onnx"] and (tmp_path / "m.ort").read_bytes().startswith(b"ort of x")
    assert (tmp_path / f"m{REQUIRED}").read_text("utf-8") == "operators\n"
