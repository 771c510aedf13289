"""Long names of nodes and of what passes between them -> numbers: 2 % of a small file."""

from __future__ import annotations

import onnx

from edgetext.targets.onnx.view import all_nodes, inner_graphs


def shorten_names(model: onnx.ModelProto) -> None:
    """Number the nodes and what passes between them, in place.

    Inputs, outputs and initializers keep theirs, but for those of inner graphs.
    """
    graph = model.graph
    kept = {tensor.name for tensor in (*graph.input, *graph.output, *graph.initializer)} | {""}
    short = {name: name for name in kept}
    for number, node in enumerate(all_nodes(graph)):
        node.name = f"n{number}"
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                names[i] = short.setdefault(name, f"v{len(short)}")
        for number_of_graph, inner in enumerate(inner_graphs(node)):
            inner.name = f"g{number_of_graph}"
            for value in (*inner.input, *inner.output, *inner.initializer):
                value.name = short.setdefault(value.name, f"v{len(short)}")
