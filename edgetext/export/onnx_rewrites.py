"""Small rewrites of an exported graph, each for operators that torch's exporter leaves behind."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper


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


def drop_needless_reshapes(model: onnx.ModelProto) -> None:
    """Take out, in place, each Reshape to one dimension of what has one dimension already.

    torch's exporter puts one before each gather. The graph must still say what shapes it expects.
    """
    graph = model.graph
    shapes = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    vectors = {
        value.name
        for value in (*graph.value_info, *graph.input)
        if len(value.type.tensor_type.shape.dim) == 1
    }
    targets = {
        tensor.name: numpy_helper.to_array(tensor).tolist()
        for tensor in graph.initializer
        if shapes[tensor.name] == [1] and tensor.data_type == onnx.TensorProto.INT64
    }
    kept = {tensor.name for tensor in graph.output}
    renamed: dict[str, str] = {}
    for node in graph.node:
        for i, name in enumerate(node.input):
            node.input[i] = renamed.get(name, name)
        if node.op_type == "Reshape" and targets.get(node.input[1]) == [-1]:
            if node.input[0] in vectors and node.output[0] not in kept:
                renamed[node.output[0]] = node.input[0]
            vectors.add(node.output[0])
    drop_unused(model)


def keep_integers(model: onnx.ModelProto) -> None:
    """Let integers of one step pass from operator to operator as they are; in place.

    A DequantizeLinear and a QuantizeLinear of the same step after it do nothing. A
    DynamicQuantizeMatMul of what a DequantizeLinear made has its integers already: it becomes a
    MatMulIntegerToFloat, which finds no range.
    """
    graph = model.graph
    makers = {output: node for node in graph.node for output in node.output}
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    renamed: dict[str, str] = {}
    for node in graph.node:
        for i, name in enumerate(node.input):
            node.input[i] = renamed.get(name, name)
        before = makers.get(node.input[0]) if node.input else None
        if before is None or before.op_type != "DequantizeLinear":
            continue
        integers, scale, zero = before.input
        if node.op_type == "QuantizeLinear":
            if all(
                np.array_equal(values[ours], values[theirs])
                for ours, theirs in ((node.input[1], scale), (node.input[2], zero))
            ):
                renamed[node.output[0]] = integers
        elif node.op_type == "DynamicQuantizeMatMul":
            _, weight, weight_scale, weight_zero, *bias = node.input
            node.op_type = "MatMulIntegerToFloat"
            del node.input[:]
            node.input.extend(
                [integers, weight, scale, weight_scale, zero, weight_zero, *bias],
            )
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
