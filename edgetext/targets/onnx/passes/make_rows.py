"""A row [1, ...] of its own operator, Unsqueeze -> what makes its input makes the row.

That is so of what a vector holds at the places that NonZero gives, for it gives them as [1, k], and
Gather's result has the dimensions of its indices; and of a Transpose of a Reshape, which can
turn to three dimensions as well as to two. Between them and the Unsqueeze there may be operators
that treat each number by itself, and a Slice, whose axis is then one on. One operator less for each
output that a task gives in rows.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto

from edgetext.targets.onnx.edits import gather_at, let_maker_give
from edgetext.targets.onnx.view import View, constant


def make_rows(model: onnx.ModelProto) -> None:
    """Take out, in place, each Unsqueeze to [1, ...] where what makes its input can make the row.
    The graph must still say what shapes it expects."""
    view = View(model)
    added: list[onnx.TensorProto] = []
    for node in list(model.graph.node):
        if node.op_type != "Unsqueeze" or view.values(node.input[1]) != [0]:
            continue
        source, slices = _before_elementwise(view, node.input[0])
        if _gather_as_row(view, source) or _turn_as_row(view, source, added):
            for cut, axis in slices:
                cut.input[3] = constant(f"{cut.output[0]}_axis", np.array([axis + 1]), added)
            let_maker_give(model, view, node)
    model.graph.initializer.extend(added)


def _before_elementwise(view: View, name: str) -> tuple[str, list[tuple[NodeProto, int]]]:
    """Find what a tensor is made of by operators that treat each number by itself and by slices,
    each for the next alone: the tensor itself where there are none, and each Slice with its
    axis."""
    cut = view.sole(name, "Slice")
    span = view.slice(cut) if cut else None
    if cut and span and span[2] >= 0:
        source, slices = _before_elementwise(view, cut.input[0])
        return source, [*slices, (cut, span[2])]
    node = view.sole(name, "Cast") or view.sole(name, "BitwiseAnd")
    if node is None or any(view.rank(other) != 0 for other in node.input[1:]):
        return name, []
    return _before_elementwise(view, node.input[0])


def _gather_as_row(view: View, name: str) -> bool:
    """Turn GatherElements(vector, Reshape(NonZero)) -> Gather(vector, NonZero), where it is one."""
    node = view.sole(name, "GatherElements")
    flat = node and view.maker(node.input[1], "Reshape")
    found = flat and view.maker(flat.input[0], "NonZero")
    if not node or not flat or not found or view.rank(found.input[0]) != 1:
        return False
    gather_at(node, flat.input[0])
    return True


def _turn_as_row(view: View, name: str, added: list[onnx.TensorProto]) -> bool:
    """Turn Reshape to [a, b], Transpose -> Reshape to [1, a, b], Transpose of the last two, where
    it is one."""
    turn = view.sole(name, "Transpose")
    cut = turn and view.sole(turn.input[0], "Reshape")
    sizes = cut and view.values(cut.input[1])
    if not turn or not cut or not sizes or len(sizes) != 2 or 0 in sizes:
        return False
    (order,) = turn.attribute
    if list(order.ints) != [1, 0]:
        return False
    cut.input[1] = constant(f"{cut.output[0]}_as_row", np.array([1, *sizes]), added)
    order.ints[:] = [0, 2, 1]
    return True
