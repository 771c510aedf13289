"""A hash table that a graph reads as tensors becomes one that ONNX Runtime takes."""

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from edgetext.targets.onnx.passes.fill_hash_tables import fill_hash_tables


def test_the_tensors_become_attributes():
    node = helper.make_node(
        "LabelEncoder", ["x", "keys", "values"], ["y"], domain="ai.onnx.ml", default_int64=900
    )
    tables = {"keys": [5, 1 << 62, -7], "values": [3, 1, 2]}
    vector = helper.make_tensor_value_info("x", onnx.TensorProto.INT64, ["n"])
    answer = helper.make_tensor_value_info("y", onnx.TensorProto.INT64, ["n"])
    stored = [numpy_helper.from_array(np.array(x), name) for name, x in tables.items()]
    graph = helper.make_graph([node], "g", [vector], [answer], stored)
    sets = [helper.make_opsetid("", 20), helper.make_opsetid("ai.onnx.ml", 4)]
    model = helper.make_model(graph, opset_imports=sets, ir_version=10)
    fill_hash_tables(model)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (numbers,) = session.run(None, {"x": np.array([-7, 6, 1 << 62, 5])})
    assert numbers.tolist() == [2, 900, 1, 3]
