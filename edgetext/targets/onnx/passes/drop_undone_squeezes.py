"""Squeeze, Unsqueeze of the same dimensions -> nothing.

Rows come without the contract's leading 1, which is then put before them: a decoder that has it
already takes it away for no reason. Two operators less an output with rows.
"""

from __future__ import annotations

import onnx

from edgetext.targets.onnx.edits import let_maker_give
from edgetext.targets.onnx.view import View


def drop_undone_squeezes(model: onnx.ModelProto) -> None:
    """Take out both, in place."""
    view = View(model)
    for node in list(model.graph.node):
        squeeze = view.sole(node.input[0], "Squeeze") if node.op_type == "Unsqueeze" else None
        if squeeze is None or len(squeeze.input) < len(node.input):
            continue
        axes = view.values(node.input[1])
        if axes is None or axes != view.values(squeeze.input[1]):
            continue
        if view.sole_reader(squeeze.input[0]):
            let_maker_give(model, view, squeeze)
            let_maker_give(model, view, node)
