"""DequantizeLinear, ReduceMax -> ReduceMax, DequantizeLinear.

The largest of some integers stands for the largest of the numbers that they stand for: a quarter of
the bytes are read, and what is turned into numbers is one vector.
"""

from __future__ import annotations

import onnx
from onnx import NodeProto, helper

from edgetext.targets.onnx.edits import set_nodes


def compare_integers(model: onnx.ModelProto) -> None:
    """Find the largest before integers become numbers, in place."""
    graph = model.graph
    makers = {output: node for node in graph.node for output in node.output}
    nodes: list[NodeProto] = []
    for node in graph.node:
        before = makers.get(node.input[0]) if node.op_type == "ReduceMax" else None
        if before is not None and before.op_type == "DequantizeLinear":
            largest = f"{node.output[0]}_integers"
            integers, *step = before.input
            back = helper.make_node("DequantizeLinear", [largest, *step], list(node.output))
            node.input[0], node.output[0] = integers, largest
            nodes += [node, back]
        else:
            nodes.append(node)
    set_nodes(model, nodes)
