"""Small rewrites of an exported graph, each for operators that torch's exporter leaves behind."""

from __future__ import annotations

import onnx


def drop_transposed_indices(model: onnx.ModelProto) -> None:
    """NonZero, Transpose, Reshape to one dimension -> NonZero, Reshape; in place.

    torch's `nonzero` is the transpose of ONNX's. Of a vector both hold the same numbers in the same
    order, so that the transpose does nothing for a Reshape to one dimension. The graph must still
    say what shapes it expects.
    """
    graph = model.graph
    makers = {output: node for node in graph.node for output in node.output}
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    vectors = {
        value.name
        for value in (*graph.value_info, *graph.input)
        if len(value.type.tensor_type.shape.dim) == 1
    }
    for node in graph.node:
        if node.op_type != "Reshape" or shapes.get(node.input[1]) != [1]:
            continue
        turned = makers.get(node.input[0])
        if turned is None or turned.op_type != "Transpose":
            continue
        found = makers.get(turned.input[0])
        if found is not None and found.op_type == "NonZero" and found.input[0] in vectors:
            node.input[0] = found.output[0]
    drop_unused(model)


def drop_unused(model: onnx.ModelProto) -> None:
    """Take out, in place, the nodes whose outputs nothing reads."""
    graph = model.graph
    used = {tensor.name for tensor in graph.output}
    kept = []
    for node in reversed(graph.node):
        if used.intersection(node.output):
            used.update(node.input)
            kept.append(node)
    del graph.node[:]
    graph.node.extend(reversed(kept))


def shorten_names(model: onnx.ModelProto) -> None:
    """Number the nodes and what passes between them, in place: long names are 2 % of a small file.

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
