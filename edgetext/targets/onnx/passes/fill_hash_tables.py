"""LabelEncoder(x, keys, values) -> LabelEncoder(x), the two tensors being its attributes.

ONNX has them nowhere else. See targets.onnx.reading.hash_table for why they are not there before.
"""

from __future__ import annotations

import onnx
from onnx import helper, numpy_helper


def fill_hash_tables(model: onnx.ModelProto) -> None:
    """Make attributes of what each LabelEncoder reads beside its first input, in place."""
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type != "LabelEncoder" or len(node.input) == 1:
            continue
        for name, given in zip(("keys_int64s", "values_int64s"), node.input[1:], strict=True):
            values = numpy_helper.to_array(tensors[given])
            node.attribute.append(helper.make_attribute(name, values.tolist()))
        del node.input[1:]
