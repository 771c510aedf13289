"""What OpenVINO would cut to 32 bits is told by name."""

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from edgetext.core.errors import EdgetextError
from edgetext.targets.openvino.limits import check_widths, wide_parts
from edgetext.targets.openvino.target import OpenVino

LARGEST, LEAST = np.iinfo(np.int64).max, np.iinfo(np.int64).min
SLICE = """<ir_version: 10, opset_import: ["" : 20]>
g (int64[n] x) => (int64[m] y) { y = Slice (x, one, end) }"""
SUM = """<ir_version: 10, opset_import: ["" : 20]>
g (int64[n] x) => (int64[n] y) { y = Add (x, end) }"""
BOTH = """<ir_version: 10, opset_import: ["" : 20]>
g (int64[n] x) => (int64[m] y) {
    z = Slice (x, one, end)
    y = Add (z, end)
}"""
CAST = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n] x) => (double[n] y) { y = Cast <to = 11> (x) }"""
INNER = """<ir_version: 10, opset_import: ["" : 20]>
g (bool flag, float[n] x) => (float[n] y) {
    y = If (flag) <
        then_branch = a () => (float[n] p) {
            wide = Cast <to = 11> (x)
            p = Cast <to = 1> (wide)
        },
        else_branch = b () => (float[n] q) { q = Neg (x) }
    >
}"""


def written(text, **constants):
    model = onnx.parser.parse_model(text)
    tensors = [numpy_helper.from_array(np.array(value), name) for name, value in constants.items()]
    model.graph.initializer.extend(tensors)
    return model


@pytest.mark.parametrize("end", [LARGEST, LEAST, (1 << 31) - 1, -(1 << 31)])
def test_the_end_of_a_slice_is_let_by(end):
    assert wide_parts(written(SLICE, one=[1], end=[end])) == []


@pytest.mark.parametrize(
    ("text", "end"),
    [(SLICE, 1 << 31), (SUM, LARGEST), (SUM, -(1 << 31) - 1), (BOTH, LARGEST), (BOTH, LEAST)],
)
def test_other_integers_are_named(text, end):
    assert wide_parts(written(text, one=[1], end=[end])) == [f"the integer {end} in end"]


def test_unsigned_integers_are_looked_at():
    model = written(SUM, end=np.array([7, 1 << 31], np.uint32))
    assert wide_parts(model) == [f"the integer {1 << 31} in end"]


def test_integers_of_a_constant_node_are_looked_at():
    text = SUM.replace("{ y", "{ end = Constant <value_ints = [1, 4294967296]> () y")
    assert wide_parts(written(text)) == [f"the integer {1 << 32} in end"]


def test_float64_is_named():
    assert wide_parts(written(CAST)) == ["Cast y to float64"]
    assert wide_parts(written(SUM, end=np.array([0.5]))) == ["float64 in end"]
    assert wide_parts(written(INNER)) == ["Cast wide to float64"]


@pytest.mark.parametrize(("end", "measured"), [(7, True), (1 << 40, False)])
def test_what_would_be_refused_is_not_measured(tmp_path, end, measured):
    pytest.importorskip("openvino", reason="OpenVINO is not installed")
    model = written(SUM, end=[end])
    onnx.helper.set_model_props(model, {"edgetext": '{"operators": "ai.onnx 20"}'})
    path = tmp_path / "m.onnx"
    path.write_bytes(model.SerializeToString())
    assert OpenVino().measures(path) is measured


def test_the_sentence_names_the_first_three():
    model = written(SUM, **{name: np.array([0.5]) for name in ("a", "b", "c", "d", "e")})
    with pytest.raises(EdgetextError) as caught:
        check_widths(model, "m.onnx")
    assert str(caught.value) == (
        "m.onnx: the graph needs 64 bits (float64 in a, float64 in b, float64 in c and 2 more) and "
        "OpenVINO keeps 32 of them without a word, so that answers could be others; open the file "
        "without the runtime openvino"
    )
