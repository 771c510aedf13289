"""The exporter's and the optimizer's notes -> nothing: a large part of what they write.

Where each node came from, what is said in words, and the shapes of what passes between nodes. The
passes that ask for shapes come before.
"""

from __future__ import annotations

import onnx

from edgetext.targets.onnx.view import all_nodes, inner_graphs


def drop_notes(model: onnx.ModelProto) -> None:
    """Take out notes, words and inner shapes, in place."""
    for node in all_nodes(model.graph):
        del node.metadata_props[:]
        node.ClearField("doc_string")
        for inner in inner_graphs(node):
            del inner.value_info[:], inner.metadata_props[:]
            for value in (*inner.input, *inner.output):
                del value.metadata_props[:]
    del model.graph.value_info[:]
    for value in (*model.graph.input, *model.graph.output, *model.graph.initializer):
        value.ClearField("doc_string")
    for tensor in (*model.graph.input, *model.graph.output):
        del tensor.metadata_props[:]
    del model.metadata_props[:]
