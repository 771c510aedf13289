"""What older releases of ONNX Runtime would not know, or get wrong, is refused by name."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgetext.core.errors import EdgetextError
from edgetext.targets.onnx.promise import EMPTY, check_promise


def graph(nodes, constants=(), sets=(("", 20),)):
    """A model from text uint8[1, n] to `y`."""
    made = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("text", TensorProto.UINT8, [1, "n"])],
        [helper.make_empty_tensor_value_info("y")],
        [numpy_helper.from_array(np.array(value), name) for name, value in constants],
    )
    sets = [helper.make_opsetid(*entry) for entry in sets]
    return helper.make_model(made, opset_imports=sets, ir_version=9)


def letters(node, *constants):
    """A model that gives a node the letters of a text, and no row where there is none."""
    found = [
        helper.make_node("GreaterOrEqual", ["text", "a"], ["is_letter"]),
        helper.make_node("NonZero", ["is_letter"], ["places"]),
        helper.make_node("Transpose", ["places"], ["turned"], perm=[1, 0]),
        helper.make_node("Cast", ["turned"], ["rows"], to=TensorProto.FLOAT),
    ]
    return graph([*found, node], [("a", np.uint8(97)), *constants])


@pytest.mark.parametrize("name", ["ArgMax", "ArgMin"])
def test_the_largest_of_no_rows_is_refused_where_the_axis_counts_from_the_end(name):
    check_promise(letters(helper.make_node(name, ["rows"], ["y"], axis=1)), "m.onnx")
    model = letters(helper.make_node(name, ["rows"], ["y"], axis=-1))
    with pytest.raises(EdgetextError) as caught:
        check_promise(model, "m.onnx")
    sentence = str(caught.value)
    assert sentence.startswith(f"m.onnx: {name} (y) meets a tensor without elements")
    assert "before 1.32.0" in sentence and "promised for ONNX Runtime 1.24.1" in sentence


@pytest.mark.parametrize("name", sorted(name for name in EMPTY if name.startswith("Reduce")))
def test_a_reduction_of_no_rows_is_refused(name):
    model = letters(helper.make_node(name, ["rows", "one"], ["y"]), ("one", [1]))
    with pytest.raises(EdgetextError, match=rf"m\.onnx: {name} \(y\) meets a tensor without"):
        check_promise(model, "m.onnx")


def test_one_row_more_is_taken():
    padded = [
        helper.make_node("GreaterOrEqual", ["text", "a"], ["is_letter"]),
        helper.make_node("NonZero", ["is_letter"], ["places"]),
        helper.make_node("Pad", ["places", "one_before"], ["more"]),
        helper.make_node("ArgMax", ["more"], ["y"], axis=0),
    ]
    constants = [("a", np.uint8(97)), ("one_before", [0, 1, 0, 0])]
    check_promise(graph(padded, constants), "m.onnx")


def test_newer_operators_attributes_and_sets_are_refused():
    own = ("com.microsoft", 1)
    packed = helper.make_node(
        "MatMulNBits", ["x", "w", "s"], ["y"], domain="com.microsoft", weight_prepacked=1
    )
    new = helper.make_node("MatMulNBitsMlp", ["x"], ["y"], domain="com.microsoft")
    for node, sets, words in (
        (packed, [("", 20), own], "MatMulNBits has the attribute weight_prepacked"),
        (new, [("", 20), own], "MatMulNBitsMlp of ONNX Runtime's own operators"),
        (helper.make_node("Identity", ["text"], ["y"]), [("", 26)], "operator set ai.onnx 26"),
        (helper.make_node("Identity", ["text"], ["y"]), [("", 20), ("new", 1)], "set new 1"),
    ):
        with pytest.raises(EdgetextError, match=rf"m\.onnx: the graph.* {words}.*nothing was"):
            check_promise(graph([node], sets=sets), "m.onnx")


def test_the_files_of_every_tiny_model_keep_the_promise(
    joint_files, int8_files, classify_files, tag_files, multi_files, parse_files, lm_files
):
    every = (
        joint_files, int8_files, classify_files, tag_files, multi_files, parse_files, lm_files
    )  # fmt: skip
    for files in every:
        check_promise(onnx.load(files.onnx), files.onnx.name)
