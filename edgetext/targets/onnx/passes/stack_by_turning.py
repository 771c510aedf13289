"""Vectors as the columns of a matrix by three operators, whatever their number.

Unsqueeze each, Concat side by side -> Concat end to end, Reshape to rows, Transpose. An operator
less for each vector beyond two.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto, helper

from edgetext.targets.onnx.edits import set_nodes
from edgetext.targets.onnx.view import View, attributes, constant


def stack_by_turning(model: onnx.ModelProto) -> None:
    """Stack three vectors and more by turning their rows, in place. The graph must still say what
    shapes it expects."""
    view = View(model)
    nodes: list[NodeProto] = []
    added: list[onnx.TensorProto] = []
    for node in model.graph.node:
        columns = [view.maker(name, "Unsqueeze") for name in node.input]
        vectors = [
            column.input[0]
            for column in columns
            if column and view.values(column.input[1]) == [1] and view.rank(column.input[0]) == 1
        ]
        side_by_side = node.op_type == "Concat" and attributes(node).get("axis") == 1
        if not side_by_side or len(vectors) < max(3, len(columns)):
            nodes.append(node)
            continue
        stacked = node.output[0]
        rows = constant(f"{stacked}_rows", np.array([len(vectors), -1]), added)
        nodes += [
            helper.make_node("Concat", vectors, [f"{stacked}_joined"], axis=0),
            helper.make_node("Reshape", [f"{stacked}_joined", rows], [f"{stacked}_turned"]),
            helper.make_node("Transpose", [f"{stacked}_turned"], [stacked], perm=[1, 0]),
        ]
    set_nodes(model, nodes)
    model.graph.initializer.extend(added)
