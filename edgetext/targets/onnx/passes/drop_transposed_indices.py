"""NonZero, Transpose, Reshape to one dimension -> NonZero, Reshape to one dimension.

torch's `nonzero` is the transpose of ONNX's. Of a vector both hold the same numbers in the same
order, so that the transpose does nothing for a Reshape to one dimension. One operator less wherever
positions are looked for.
"""

from __future__ import annotations

import onnx

from edgetext.targets.onnx.view import View


def drop_transposed_indices(model: onnx.ModelProto) -> None:
    """Let each such Reshape read NonZero itself, in place."""
    view = View(model)
    for node in model.graph.node:
        if node.op_type == "Reshape" and view.values(node.input[1]) == [-1]:
            turned = view.maker(node.input[0], "Transpose")
            found = turned and view.maker(turned.input[0], "NonZero")
            if found and view.rank(found.input[0]) == 1:
                node.input[0] = found.output[0]
