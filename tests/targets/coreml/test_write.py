"""Core ML packages: what is refused, what is written, and what that says of itself."""

import importlib.util
import json
import os
import sys

import pytest

from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.model.contract import GOLDEN, METADATA, read_golden, read_metadata
from edgetext.targets import catalog

converts = pytest.mark.skipif(
    importlib.util.find_spec("coremltools") is None, reason="coremltools is not installed"
)


def refused(capsys, tmp_path, *arguments):
    """Export; give the sentence, when nothing is left behind."""
    out = tmp_path / "out"
    assert main(["export", "--target", "coreml", "-o", str(out), *map(str, arguments)]) == 2
    assert not out.exists() or os.listdir(out) == []
    return " ".join(capsys.readouterr().err.split())


def test_a_missing_converter_is_one_sentence(joint, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "coremltools", None)
    assert "pip install 'edgetext[coreml]'" in refused(capsys, tmp_path, joint)


def test_what_a_package_cannot_be(joint, int8, tmp_path, capsys):
    assert "its weights are quantized" in refused(capsys, tmp_path, int8)
    assert "take --target server for batch" in refused(capsys, tmp_path, joint, "--batch")
    assert "take --target server for .ort" in refused(capsys, tmp_path, joint, "--ort")
    project = tmp_path / "app/src/main"
    project.mkdir(parents=True)
    assert "no Android project takes it" in refused(capsys, tmp_path, joint, "--android", tmp_path)
    command = ["export", str(joint), "--target", "coreml", "-o", str(tmp_path / "a.onnx")]
    assert main(command) == 2
    assert "ends in .mlpackage" in capsys.readouterr().err


def test_attention_in_windows_is_refused(train_tiny, tmp_path, capsys):
    encoder = "{type: cnn, embedding: 16, hidden: 32, heads: 1, attention_window: 8}"
    model = train_tiny(tmp_path / "windows.pt", encoder=encoder, epochs=1)
    assert "encoder.attention_window" in refused(capsys, tmp_path, model)


def test_a_package_is_not_opened(tmp_path):
    target = catalog.target_named("coreml")
    with pytest.raises(EdgetextError, match="writes Core ML packages and runs none"):
        target.open(tmp_path / "m.mlpackage", b"", 1)


@converts
@pytest.mark.slow
def test_a_package_has_the_inputs_and_outputs_of_the_contract(joint, tmp_path, capsys):
    import coremltools

    out = tmp_path / "m.mlpackage"
    assert main(["export", str(joint), "--target", "coreml", "-o", str(out)]) == 0
    told = capsys.readouterr().out
    assert f"wrote {out}" in told and "not run" in told and "next:" not in told
    assert sorted(os.listdir(tmp_path)) == ["m.md", "m.mlpackage"]
    described = coremltools.utils.load_spec(str(out)).description
    text = described.input[0]
    assert text.name == "text"
    sizes = text.type.multiArrayType.shapeRange.sizeRanges[1]
    assert (sizes.lowerBound, sizes.upperBound) == (1, 65)
    assert [output.name for output in described.output] == ["scores", "spans", "truncated"]
    held = described.metadata.userDefined
    metadata = read_metadata(held[METADATA], "m")
    assert metadata.fields["runtime"] == "coreml" and metadata.fields["text_type"] == "int32"
    assert len(read_golden(held[GOLDEN], "m", metadata)) == len(json.loads(held[GOLDEN])) > 0
    card = (tmp_path / "m.md").read_text()
    assert "`text` int32[1, n]" in card and "No prediction was run" in card
    assert "weights/weight.bin" in card
    # A second one takes the first one's place.
    (out / "stray").touch()
    assert main(["export", str(joint), "--target", "coreml", "-o", str(out)]) == 0
    assert not (out / "stray").exists()
    assert sorted(os.listdir(tmp_path)) == ["m.md", "m.mlpackage"]
