"""Attributes that say what holds without them go."""

from onnx import helper

from edgetext.targets.onnx.passes.drop_defaults import drop_defaults


def test_attributes_that_say_what_holds_without_them_go():
    packed = helper.make_node(
        "MatMulNBits", ["x", "w", "s"], ["z"], domain="com.microsoft",
        weight_prepacked=0, K=64, N=1, bits=8, block_size=64, accuracy_level=4,
    )  # fmt: skip
    reshape = helper.make_node("Reshape", ["x", "shape"], ["y"], allowzero=1)
    largest = helper.make_node("ArgMax", ["z"], ["v"], axis=-1, keepdims=1, select_last_index=0)
    sets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    graph = helper.make_graph([packed, reshape, largest], "g", [], [])
    model = helper.make_model(graph, opset_imports=sets)
    drop_defaults(model)
    left = [{entry.name for entry in node.attribute} for node in model.graph.node]
    assert left == [{"K", "N", "bits", "block_size", "accuracy_level"}, {"allowzero"}, {"axis"}]
