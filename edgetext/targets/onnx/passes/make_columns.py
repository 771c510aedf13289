"""Vectors side by side: Concat end to end, Reshape to rows, Transpose -> Concat of columns.

It is done where what makes the vectors can make columns: what is gathered at places that NonZero
gives, which a Reshape can make a column, and the largest of what is gathered there. Two operators
less; stack_by_turning, which leaves the three, comes before.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto

from edgetext.targets.onnx.edits import gather_at, let_maker_give
from edgetext.targets.onnx.view import View, attributes, constant


def make_columns(model: onnx.ModelProto) -> None:
    """Put vectors side by side as columns, in place. The graph must still say what shapes it
    expects."""
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
        let_maker_give(model, view, cut)
        let_maker_give(model, view, turn)
    model.graph.initializer.extend(added)


class _Columns:
    """The operators whose vectors become columns: all of them are known before one is changed."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.bases: list[NodeProto] = []
        self.gathers: list[NodeProto] = []
        self.vectors: set[str] = set()

    def vector(self, name: str) -> bool:
        """Whether what makes a vector can make a column."""
        view = self.view
        largest, picked = view.maker(name, "ArgMax"), view.maker(name, "GatherElements")
        self.vectors.add(name)
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
        self.vectors.add(name)
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
        self.vectors.add(name)
        if moved is not None and view.rank(moved.input[1]) == 0:
            return self._places(moved.input[0])
        if flat is None or not view.maker(flat.input[0], "NonZero"):
            return False
        if view.values(flat.input[1]) != [-1]:
            return False
        self.bases.append(flat)
        return True

    def closed(self, outside: set[str]) -> bool:
        """Whether nothing but these operators, and those of `outside`, reads what they give."""
        if any(map(self.view.is_output, self.vectors)):
            return False
        readers = (node for name in self.vectors for node in self.view.readers(name))
        return all(set(node.output) <= self.vectors | outside for node in readers)

    def turn(self, column: str) -> None:
        """Let all of it be columns; `column` holds the shape."""
        for node in self.bases:
            node.input[1] = column
        for node in self.gathers:
            gather_at(node, node.input[1])
