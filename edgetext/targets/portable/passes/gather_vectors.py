"""GatherElements of a vector at a vector of places -> Gather;
of rows of k numbers at rows of k places -> Gather of all numbers at place * k + column.

The same numbers. onnx's reference evaluator fails from 64 rows on
(findings/onnx_reference_gather_elements.sh), and engines have a faster Gather.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto, helper

from edgetext.targets.onnx.edits import gather_at, set_nodes
from edgetext.targets.onnx.view import View, attributes, constant


def gather_vectors(model: onnx.ModelProto) -> None:
    """Let each such GatherElements along the first axis be a Gather, in place. The graph must still
    say its shapes."""
    view = View(model)
    nodes: list[NodeProto] = []
    added: list[onnx.TensorProto] = []
    for node in model.graph.node:
        if node.op_type == "GatherElements" and not attributes(node).get("axis", 0):
            values, places = node.input
            shape = view.shape(values) or []
            if len(shape) == 1 == view.rank(places):
                gather_at(node, places)
            elif len(shape) == 2 and isinstance(shape[1], int) and view.rank(places) == 2:
                nodes += _of_all(node, shape[1], added)
        nodes.append(node)
    set_nodes(model, nodes)
    model.graph.initializer.extend(added)


def _of_all(node: NodeProto, columns: int, added: list[onnx.TensorProto]) -> list[NodeProto]:
    """Let a node gather from all numbers, and give what comes before it."""
    values, places = node.input
    name = node.output[0]
    flat, scaled, at = f"{name}_flat", f"{name}_scaled", f"{name}_at"
    all_of_it = constant(f"{name}_all", np.array([-1]), added)
    width = constant(f"{name}_width", np.array(columns), added)
    column = constant(f"{name}_column", np.arange(columns), added)
    before = [
        helper.make_node("Reshape", [values, all_of_it], [flat]),
        helper.make_node("Mul", [places, width], [scaled]),
        helper.make_node("Add", [scaled, column], [at]),
    ]
    node.CopyFrom(helper.make_node("Gather", [flat, at], [name], axis=0))
    return before
