"""A node or a constant that nothing reads -> nothing. It follows each of the other passes."""

from __future__ import annotations

import onnx

from edgetext.targets.onnx.view import with_inner


def drop_unused(model: onnx.ModelProto) -> None:
    """Take out the nodes whose outputs nothing reads, and the constants that none reads then."""
    graph = model.graph
    used = {tensor.name for tensor in graph.output}
    for place in reversed(range(len(graph.node))):
        node = graph.node[place]
        if used.intersection(node.output):
            used.update(name for each in with_inner(node) for name in each.input)
        else:
            del graph.node[place]
    # In place: a graph gives no memory back before it goes as a whole, so that weights put into it
    # anew would be there twice.
    for place in reversed(range(len(graph.initializer))):
        if graph.initializer[place].name not in used:
            del graph.initializer[place]
