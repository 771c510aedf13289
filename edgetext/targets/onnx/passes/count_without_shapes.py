"""How many indices NonZero gives, and how long an input is, by one operator in place of two.

Shape of a vector, Squeeze -> Size; the same of the transpose of NonZero(vector);
Shape of one dimension, Squeeze, Expand to [1] -> Shape of one dimension.
"""

from __future__ import annotations

import onnx
from onnx import NodeProto, helper

from edgetext.targets.onnx.edits import read_instead
from edgetext.targets.onnx.view import View, attributes


def count_without_shapes(model: onnx.ModelProto) -> None:
    """Count by Size, and by Shape alone, in place. The graph must still say what shapes it
    expects."""
    view = View(model)
    same: dict[str, str] = {}
    for node in model.graph.node:
        counted = view.maker(node.input[0], "Shape") if node.op_type == "Squeeze" else None
        vector = _counted(view, counted) if counted and _only_first(counted) else None
        if vector is not None:
            node.CopyFrom(helper.make_node("Size", [vector], list(node.output)))
        if node.op_type == "Expand" and view.values(node.input[1]) == [1]:
            scalar = view.maker(node.input[0], "Squeeze")
            shape = scalar and view.maker(scalar.input[0], "Shape")
            if shape and attributes(shape).get("end") is not None:
                same[node.output[0]] = shape.output[0]
    read_instead(model, same)


def _counted(view: View, shape: NodeProto) -> str | None:
    """Give the tensor with as many elements as a Shape says of its input's first dimension."""
    if view.rank(shape.input[0]) == 1:
        return shape.input[0]
    turned = view.maker(shape.input[0], "Transpose")
    found = turned and view.maker(turned.input[0], "NonZero")
    return found.output[0] if found and view.rank(found.input[0]) == 1 else None


def _only_first(shape: NodeProto) -> bool:
    found = attributes(shape)
    return found.get("start", 0) == 0 and found.get("end") == 1
