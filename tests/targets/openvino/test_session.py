"""A portable file in OpenVINO answers as in ONNX Runtime, whatever it was asked before."""

import random
import sys

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

from edgetext.core.errors import EdgetextError
from edgetext.predictor import as_array, load
from edgetext.targets.openvino.target import OpenVino

openvino = pytest.importorskip("openvino", reason="OpenVINO is not installed")
# Without a word, of one, odd, and longer than the models read.
ODD = ["", " ", "a", "??", "東京 नमस्ते", "😀", "x" * 300, "is it cold in " + "é" * 40, "\n\t"]


@pytest.fixture(scope="module", params=["int8", "parse"])
def pair(request, portable_files):
    """A file in OpenVINO and in ONNX Runtime."""
    path = getattr(portable_files, request.param)
    return load(path, runtime="openvino"), load(path)


def alike(answer, expected, within):
    """Hold outputs to those of another engine: integers to the same, scores but for rounding."""
    for one, other in zip(answer, expected, strict=True):
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        if one.dtype == np.float32:
            np.testing.assert_allclose(one, other, rtol=0, atol=within)
        else:
            assert np.array_equal(one, other)


def test_answers_do_not_depend_on_those_before(pair, texts):
    in_openvino, in_onnxruntime = (predictor.session for predictor in pair)
    limit = in_onnxruntime.metadata.max_bytes
    given = [*texts[:40], *(text.encode() for text in ODD), *texts[-6:]]
    asked = [as_array(text, limit) for text in given]
    expected = {data.tobytes(): in_onnxruntime.run(data) for data in asked}
    for seed in range(3):
        random.Random(seed).shuffle(asked)
        for data in asked:
            # Where a product lies between two integers, layers of 8 bits may round it to either.
            alike(in_openvino.run(data), expected[data.tobytes()], within=0.05)


def test_answers_are_those_of_onnx_runtime(pair):
    in_openvino, in_onnxruntime = pair
    for text in ("a", "find a room in Rome on Monday, please!", "", "will it rain today"):
        answer, expected = in_openvino.predict(text), in_onnxruntime.predict(text)
        assert answer.as_line(text.encode()) == expected.as_line(text.encode())


def test_an_answer_stays_what_it_was_when_another_is_asked_for(pair):
    session = pair[0].session
    first = session.run(np.frombuffer(b"a room in Rome", np.uint8).reshape(1, -1))
    kept = [output.copy() for output in first]
    session.run(np.frombuffer(b"will it rain tomorrow", np.uint8).reshape(1, -1))
    for output, copy in zip(first, kept, strict=True):
        assert np.array_equal(output, copy)


@pytest.fixture
def refused(tmp_path):
    """refused(content) -> the sentence with which OpenVINO's target refuses a file."""

    def sentence(content):
        path = tmp_path / "m.onnx"
        with pytest.raises(EdgetextError) as caught:
            OpenVino().open(path, content, 1)
        assert str(caught.value).startswith(f"{path}: ")
        return str(caught.value).removeprefix(f"{path}: ")

    return sentence


def test_a_file_for_onnx_runtime_is_refused_with_its_operators(int8_files, refused):
    sentence = refused(int8_files.onnx.read_bytes())
    assert sentence.startswith("it holds ") and "com.microsoft.MatMulNBits (" in sentence
    assert "which OpenVINO may not have; `edgetext export --target portable" in sentence


def test_a_batch_file_is_refused(batch_files, refused):
    assert "`edgetext export --target portable CHECKPOINT`" in refused(
        batch_files.classify.read_bytes()
    )


def test_what_is_damaged_is_refused(portable_files, refused):
    content = portable_files.int8.read_bytes()
    assert "it is no ONNX model" in refused(content[: len(content) // 2])
    assert "it is no ONNX model" in refused(b"\xff" * 64)


def test_what_openvino_cannot_read_is_refused_in_a_line(portable_files, refused):
    model = onnx.load(portable_files.int8)
    next(node for node in model.graph.node if node.op_type == "MatMul").op_type = "NoSuchOperator"
    sentence = refused(model.SerializeToString())
    assert f"OpenVINO {openvino.__version__} cannot read it (" in sentence
    assert "\n" not in sentence


def test_a_graph_of_64_bits_is_refused(portable_files, refused):
    model = onnx.load(portable_files.int8)
    model.graph.initializer.append(numpy_helper.from_array(np.array([1 << 40]), "wide"))
    sentence = refused(model.SerializeToString())
    assert f"(the integer {1 << 40} in wide) and OpenVINO keeps 32" in sentence


def test_an_older_release_is_refused(portable_files, refused, monkeypatch):
    monkeypatch.setattr(openvino, "__version__", "2025.3.0-19807")
    assert refused(portable_files.int8.read_bytes()) == (
        "OpenVINO 2025.3.0-19807 is installed, and 2026.4.1 is the oldest that was tried; upgrade "
        'it (pip install "openvino>=2026.4.1")'
    )


def test_it_is_said_how_it_is_installed(portable_files, monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    monkeypatch.delitem(sys.modules, "edgetext.targets.openvino.session", raising=False)
    with pytest.raises(EdgetextError) as caught:
        load(portable_files.int8, runtime="openvino")
    assert "OpenVINO is not installed; `pip install 'edgetext[openvino]'`" in str(caught.value)


ATTENTION = """<ir_version: 10, opset_import: ["" : 20]>
g (float[1, n, 96] x) => (float[1, n, 32] y) {
    query, key, value = Split <axis = 2, num_outputs = 3> (x)
    turned = Transpose <perm = [0, 2, 1]> (key)
    scaled = Mul (query, scale)
    scores = MatMul (scaled, turned)
    chances = Softmax (scores)
    y = MatMul (chances, value)
}"""


def test_the_settings_keep_attention_right_after_a_single_row():
    from edgetext.targets.openvino.session import settings

    model = onnx.parser.parse_model(ATTENTION)
    model.graph.initializer.append(numpy_helper.from_array(np.float32(0.25), "scale"))
    core, evaluator = openvino.Core(), ReferenceEvaluator(model)
    compiled = core.compile_model(
        core.read_model(model.SerializeToString()), "CPU", settings(threads=1)
    )
    rows = np.random.default_rng(0).standard_normal((1, 40, 96)).astype(np.float32)
    for length in (1, 17, 40):
        x = rows[:, :length]
        (expected,) = evaluator.run(None, {"x": x})
        np.testing.assert_allclose(compiled({"x": x})[0], expected, atol=1e-4)
