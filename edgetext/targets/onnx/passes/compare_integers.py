"""DequantizeLinear, ReduceMax -> ReduceMax, DequantizeLinear.

The largest of some integers stands for the largest of the numbers that they stand for: a quarter of
the bytes are read, and what is turned into numbers is one vector.
"""

from __future__ import annotations

import onnx
from onnx import NodeProto, helper

from edgetext.targets.onnx.edits import set_nodes
from edgetext.targets.onnx.view import View


def compare_integers(model: onnx.ModelProto) -> None:
    """Find the largest before integers become numbers, in place."""
    view = View(model)
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        largest_of = node.op_type == "ReduceMax"
        before = view.maker(node.input[0], "DequantizeLinear") if largest_of else None
        if before is not None:
            largest = f"{node.output[0]}_integers"
            integers, *step = before.input
            back = helper.make_node("DequantizeLinear", [largest, *step], list(node.output))
            node.input[0], node.output[0] = integers, largest
            nodes += [node, back]
        else:
            nodes.append(node)
    set_nodes(model, nodes)
