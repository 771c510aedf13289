"""A portable file in onnx's reference evaluator answers as in ONNX Runtime."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.predictor import load

TEXTS = ["will it rain on Monday", "", "a", "find a room in 東京 today, please!", "é" * 90, "??"]


@pytest.mark.parametrize("name", ["int8", "parse"])
def test_answers_are_those_of_onnx_runtime(portable_files, name):
    path = getattr(portable_files, name)
    in_reference, in_onnxruntime = load(path, runtime="reference"), load(path)
    for text in [*TEXTS, *reversed(TEXTS)]:
        answer, expected = in_reference.predict(text), in_onnxruntime.predict(text)
        assert answer.as_line(text.encode()) == expected.as_line(text.encode()), text


def test_a_file_for_onnx_runtime_is_refused_with_its_operators(int8_files):
    with pytest.raises(EdgetextError) as caught:
        load(int8_files.onnx, runtime="reference")
    sentence = str(caught.value)
    assert sentence.startswith(f"{int8_files.onnx}: it holds ")
    assert "com.microsoft.MatMulNBits (" in sentence
    assert "onnx's reference evaluator may not have" in sentence
