"""Unsqueeze of indices, Gather of a constant's rows -> Gather of the rows within the constant, to
which a dimension is added before them.

One operator less where rows are to be an image, as a convolution takes it.
"""

from __future__ import annotations

import onnx

from edgetext.targets.onnx.view import View, attributes


def gather_within(model: onnx.ModelProto) -> None:
    """Let each such Gather read the indices as they were, in place."""
    view = View(model)
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type != "Gather" or attributes(node).get("axis", 0):
            continue
        table, deeper = constants.get(node.input[0]), view.sole(node.input[1], "Unsqueeze")
        if table is None or deeper is None or view.values(deeper.input[1]) != [0]:
            continue
        if len(view.readers(table.name)) > 1:
            continue
        shape = [1, *table.dims]
        del table.dims[:]
        table.dims.extend(shape)
        node.input[1] = deeper.input[0]
        del node.attribute[:]
        node.attribute.append(onnx.helper.make_attribute("axis", 1))
