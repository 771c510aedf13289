"""A node or a constant that nothing reads -> nothing. It follows each of the other passes."""

from __future__ import annotations

import onnx


def drop_unused(model: onnx.ModelProto) -> None:
    """Take out the nodes whose outputs nothing reads, and the constants that none reads then."""
    graph = model.graph
    used = {tensor.name for tensor in graph.output}
    kept = []
    for node in reversed(graph.node):
        if used.intersection(node.output):
            used.update(node.input)
            kept.append(node)
    del graph.node[:]
    graph.node.extend(reversed(kept))
    weights = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(weights)
