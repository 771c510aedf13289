"""DequantizeLinear, QuantizeLinear of the same step -> nothing;
DequantizeLinear, DynamicQuantizeMatMul -> MatMulIntegerToFloat.

Integers of one step pass from operator to operator as they are: a product of what a
DequantizeLinear gave has its integers already, and looks for no range.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

from edgetext.targets.onnx.edits import let_read


def keep_integers(model: onnx.ModelProto) -> None:
    """Take out what turns integers to numbers and back, in place."""
    graph = model.graph
    makers = {output: node for node in graph.node for output in node.output}
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    renamed: dict[str, str] = {}
    for node in graph.node:
        let_read(node, renamed)
        before = makers.get(node.input[0]) if node.input else None
        if before is None or before.op_type != "DequantizeLinear":
            continue
        integers, scale, zero = before.input
        if node.op_type == "QuantizeLinear":
            if all(
                np.array_equal(values[ours], values[theirs])
                for ours, theirs in ((node.input[1], scale), (node.input[2], zero))
            ):
                renamed[node.output[0]] = integers
        elif node.op_type == "DynamicQuantizeMatMul":
            _, weight, weight_scale, weight_zero, *bias = node.input
            node.op_type = "MatMulIntegerToFloat"
            del node.input[:]
            node.input.extend(
                [integers, weight, scale, weight_scale, zero, weight_zero, *bias],
            )
