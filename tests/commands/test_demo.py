"""`edgetext demo` of a recipe without a student."""

import pytest

from edgetext.cli import main


@pytest.mark.slow
def test_without_a_student_what_was_trained_is_quantized(tmp_path, capsys):
    small = (
        "data.texts=160",
        "data.augment=null",
        "training.epochs=1",
        "encoder={type: conv, embedding: 8, hidden: 8, layers: 1}",
    )
    settings = [word for setting in small for word in ("--set", setting)]
    assert main(["demo", "pii_redact", "-o", str(tmp_path), *settings]) == 0
    printed = capsys.readouterr().out
    assert "$ edgetext distill" not in printed
    names = {path.name for path in tmp_path.iterdir()}
    assert {"teacher.pt", "teacher.onnx", "teacher-int8.pt", "teacher-int8.onnx"} <= names
    assert not [name for name in names if name.startswith("student")]
