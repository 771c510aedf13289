"""Reshape to one dimension of what has one dimension already -> nothing.

torch's exporter puts one before each gather. One operator less a gather.
"""

from __future__ import annotations

import onnx
from onnx import numpy_helper

from edgetext.targets.onnx.edits import let_read


def drop_needless_reshapes(model: onnx.ModelProto) -> None:
    """Take out each such Reshape, in place. The graph must still say what shapes it expects."""
    graph = model.graph
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    vectors = {
        value.name
        for value in (*graph.value_info, *graph.input)
        if len(value.type.tensor_type.shape.dim) == 1
    }
    targets = {
        tensor.name: numpy_helper.to_array(tensor).tolist()
        for tensor in graph.initializer
        if shapes[tensor.name] == [1] and tensor.data_type == onnx.TensorProto.INT64
    }
    kept = {tensor.name for tensor in graph.output}
    renamed: dict[str, str] = {}
    for node in graph.node:
        let_read(node, renamed)
        if node.op_type == "Reshape" and targets.get(node.input[1]) == [-1]:
            if node.input[0] in vectors and node.output[0] not in kept:
                renamed[node.output[0]] = node.input[0]
            vectors.add(node.output[0])
