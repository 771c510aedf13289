"""A portable file keeps to the operators that it says."""

import os

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from edgetext.cli import main
from edgetext.core.errors import EdgetextError
from edgetext.predictor import load
from edgetext.targets.onnx.view import all_nodes
from edgetext.targets.portable.operators import SET, VERSION, check_operators, others

# Operators that have a finding against them, or that engines have in forms of their own.
LEFT_OUT = {"GatherElements"}


@pytest.fixture(scope="module", params=["int8", "parse"])
def model(request, portable_files):
    return onnx.load(getattr(portable_files, request.param))


def test_its_operators_are_those_of_ai_onnx(model):
    assert others(model) == []
    assert {(entry.domain, entry.version) for entry in model.opset_import} == {("", VERSION)}
    assert VERSION == 20
    assert {node.domain for node in all_nodes(model.graph)} == {""}
    assert {node.op_type for node in all_nodes(model.graph)} & LEFT_OUT == set()
    onnx.checker.check_model(model)


def test_nothing_is_cut_by_padding(model):
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    pads = [node.input[1] for node in all_nodes(model.graph) if node.op_type == "Pad"]
    assert pads
    for name in pads:
        if name in constants:
            assert (numpy_helper.to_array(constants[name]) >= 0).all(), name


def test_its_integers_have_32_bits(model):
    limit, ends = np.iinfo(np.int32), np.iinfo(np.int64)
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type == TensorProto.INT64:
            kept = values[(values != ends.max) & (values != ends.min)]
            assert ((kept >= limit.min) & (kept <= limit.max)).all(), tensor.name
        assert tensor.data_type != TensorProto.DOUBLE


@pytest.mark.parametrize("name", ["int8", "parse"])
def test_its_metadata_says_so(portable_files, name):
    metadata = load(getattr(portable_files, name)).metadata
    assert metadata.fields["operators"] == SET == "ai.onnx 20"
    assert metadata.fields["runtime"] == "onnx"


def test_the_files_of_onnx_runtime_do_not(int8_files):
    assert "operators" not in load(int8_files.onnx).metadata.fields
    named = others(onnx.load(int8_files.onnx))
    assert any(entry.startswith("com.microsoft.") for entry in named)


def graph(*nodes, version=20):
    body = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])],
    )
    sets = [helper.make_opsetid("", version), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(body, opset_imports=sets)


def test_another_operator_is_refused_by_name():
    own = helper.make_node("QuickGelu", ["x"], ["y"], domain="com.microsoft")
    with pytest.raises(EdgetextError, match=r"m: .* com\.microsoft\.QuickGelu \(1\); nothing was"):
        check_operators(graph(own), "m")


def test_another_operator_within_a_graph_is_seen():
    inner = graph(helper.make_node("QuickGelu", ["x"], ["y"], domain="com.microsoft")).graph
    del inner.input[:]
    branch = helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner)
    assert others(graph(branch)) == ["com.microsoft.QuickGelu (2)"]


def test_a_newer_operator_set_is_refused():
    with pytest.raises(EdgetextError, match=r"m: .* ai\.onnx 21, .* promised for 20"):
        check_operators(graph(helper.make_node("Neg", ["x"], ["y"]), version=21), "m")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--target", "portable-int8"], "its weights are float32; make an int8 checkpoint"),
        (["--target", "portable", "--ort"], "writes .onnx files alone; take --target mobile"),
        (["--target", "portable", "--batch"], "--batch goes with --target server"),
    ],
)
def test_what_there_is_not_is_refused(joint, tmp_path, capsys, options, words):
    assert main(["export", str(joint), "-o", str(tmp_path / "out"), *options]) == 2
    (sentence,) = capsys.readouterr().err.splitlines()
    assert words in sentence
    assert os.listdir(tmp_path) == []
