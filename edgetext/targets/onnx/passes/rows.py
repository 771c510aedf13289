"""Rows of one and columns: a dimension that an operator can make on the way needs none of its
own."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto, helper

from edgetext.targets.onnx.view import View, attributes, constant


def make_rows(model: onnx.ModelProto) -> None:
    """Take out, in place, each Unsqueeze to [1, ...] where what makes its input can make the row.

    That is so of what a vector holds at the places that NonZero found, for NonZero gives them as
    [1, k] and Gather's result has the dimensions of its indices; and of a Transpose of a Reshape,
    which can turn to three dimensions as well as to two. Between them and the Unsqueeze there may
    be operators that treat each number by itself, and a Slice, whose axis is then one on. The graph
    must still say what shapes it expects.
    """
    view = View(model)
    added: list[onnx.TensorProto] = []
    for node in list(model.graph.node):
        if node.op_type != "Unsqueeze" or view.values(node.input[1]) != [0]:
            continue
        source, slices = _before_elementwise(view, node.input[0])
        if _gather_as_row(view, source) or _turn_as_row(view, source, added):
            for cut, axis in slices:
                cut.input[3] = constant(f"{cut.output[0]}_axis", np.array([axis + 1]), added)
            _make_instead(model, view, node)
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
    """GatherElements(vector, Reshape(NonZero)) -> Gather(vector, NonZero)."""
    node = view.sole(name, "GatherElements")
    flat = node and view.maker(node.input[1], "Reshape")
    found = flat and view.maker(flat.input[0], "NonZero")
    if not node or not flat or not found or view.rank(found.input[0]) != 1:
        return False
    _gather(node, flat.input[0])
    return True


def _gather(node: NodeProto, places: str) -> None:
    """Let a GatherElements of a vector be a Gather, whose result has the dimensions of `places`."""
    made = helper.make_node("Gather", [node.input[0], places], list(node.output), axis=0)
    node.CopyFrom(made)


def _turn_as_row(view: View, name: str, added: list[onnx.TensorProto]) -> bool:
    """Reshape to [a, b], Transpose -> Reshape to [1, a, b], Transpose of the last two."""
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


def make_columns(model: onnx.ModelProto) -> None:
    """Put vectors side by side, in place, by one operator: Concat end to end, Reshape to rows,
    Transpose -> Concat of columns, where what makes the vectors can make columns.

    That is so of what is gathered at places that NonZero found, which a Reshape can make a column,
    and of the largest of what is gathered there. The graph must still say what shapes it expects.
    """
    view = View(model)
    added: list[onnx.TensorProto] = []
    for turn in list(model.graph.node):
        cut = view.sole(turn.input[0], "Reshape") if turn.op_type == "Transpose" else None
        joined = cut and view.sole(cut.input[0], "Concat")
        sizes = view.values(cut.input[1]) if cut else None
        if not cut or not joined or not sizes or sizes[-2:] != [len(joined.input), -1]:
            continue
        order = list(turn.attribute[0].ints)
        if order[-2:] != [len(order) - 1, len(order) - 2] or set(sizes[:-2]) - {1}:
            continue
        columns = _Columns(view)
        if not all(map(columns.vector, joined.input)) or not columns.closed({joined.output[0]}):
            continue
        shape = np.array([*sizes[:-2], -1, 1])
        columns.turn(constant(f"{joined.output[0]}_column", shape, added))
        (axis,) = joined.attribute
        axis.i = -1
        _make_instead(model, view, cut)
        _make_instead(model, view, turn)
    model.graph.initializer.extend(added)


def _make_instead(model: onnx.ModelProto, view: View, node: NodeProto) -> None:
    """Take out a node that does nothing any more: what makes its input, for it alone, makes its
    output."""
    maker = view.made_by(node.input[0])
    maker.output[0] = node.output[0]
    view.make(maker)
    model.graph.node.remove(node)


class _Columns:
    """The operators whose vectors become columns: found first, and then changed all together."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.bases: list[NodeProto] = []
        self.gathers: list[NodeProto] = []
        self.made: set[str] = set()

    def vector(self, name: str) -> bool:
        """Whether what makes a vector can make a column."""
        view = self.view
        largest, picked = view.maker(name, "ArgMax"), view.maker(name, "GatherElements")
        self.made.add(name)
        if largest is not None:
            flags = attributes(largest)
            last = flags.get("axis") == -1 and flags.get("keepdims") == 0
            return last and self._block(largest.input[0])
        if picked is None or view.rank(picked.input[0]) != 1:
            return False
        self.gathers.append(picked)
        return self._places(picked.input[1])

    def _block(self, name: str) -> bool:
        """A row of numbers at each place."""
        view = self.view
        between, picked = view.maker(name, "Sub"), view.maker(name, "Gather")
        self.made.add(name)
        if between is not None:
            return all(map(self._block, between.input))
        if picked is None or view.rank(picked.input[0]) != 2:
            return False
        if attributes(picked).get("axis", 0):
            return False
        return self._places(picked.input[1])

    def _places(self, name: str) -> bool:
        """The places themselves."""
        view = self.view
        moved, flat = view.maker(name, "Sub"), view.maker(name, "Reshape")
        self.made.add(name)
        if moved is not None and view.rank(moved.input[1]) == 0:
            return self._places(moved.input[0])
        if flat is None or not view.maker(flat.input[0], "NonZero"):
            return False
        if view.values(flat.input[1]) != [-1]:
            return False
        self.bases.append(flat)
        return True

    def closed(self, outside: set[str]) -> bool:
        """Whether nothing but what was found, and `outside`, reads what was found."""
        if any(map(self.view.is_output, self.made)):
            return False
        readers = (node for name in self.made for node in self.view.readers(name))
        return all(set(node.output) <= self.made | outside for node in readers)

    def turn(self, column: str) -> None:
        """Let all of it be columns; `column` holds the shape."""
        for node in self.bases:
            node.input[1] = column
        for node in self.gathers:
            _gather(node, node.input[1])
