"""Long names of nodes and of what passes between them -> numbers: 2 % of a small file."""

from __future__ import annotations

import onnx


def shorten_names(model: onnx.ModelProto) -> None:
    """Number the nodes and what passes between them, in place.

    Inputs, outputs and initializers keep theirs. The graph has no subgraphs.
    """
    graph = model.graph
    kept = {tensor.name for tensor in (*graph.input, *graph.output, *graph.initializer)} | {""}
    short = {name: name for name in kept}
    for number, node in enumerate(graph.node):
        node.name = f"n{number}"
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                names[i] = short.setdefault(name, f"v{len(short)}")
