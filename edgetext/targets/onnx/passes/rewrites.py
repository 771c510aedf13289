"""Small rewrites of an exported graph, each for operators that torch's exporter leaves behind.

At batch 1 an operator costs about as much as the work in it, so each one that goes is time saved.
None of them changes a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.capi._pybind_state import get_all_operator_schema

from edgetext.targets.onnx.passes.rows import make_columns, make_rows
from edgetext.targets.onnx.view import View, attributes, constant


def rewrite(model: onnx.ModelProto) -> None:
    """All of those that follow and of onnx_rows, in place. The graph must still say what shapes it
    expects, and has no subgraphs."""
    for step in (
        drop_transposed_indices,
        drop_needless_reshapes,
        count_without_shapes,
        shift_by_padding,
        stack_by_turning,
        make_rows,
        make_columns,
    ):
        step(model)
        drop_unused(model)


def drop_transposed_indices(model: onnx.ModelProto) -> None:
    """NonZero, Transpose, Reshape to one dimension -> NonZero, Reshape.

    torch's `nonzero` is the transpose of ONNX's. Of a vector both hold the same numbers in the same
    order, so that the transpose does nothing for a Reshape to one dimension.
    """
    view = View(model)
    for node in model.graph.node:
        if node.op_type == "Reshape" and view.values(node.input[1]) == [-1]:
            turned = view.maker(node.input[0], "Transpose")
            found = turned and view.maker(turned.input[0], "NonZero")
            if found and view.rank(found.input[0]) == 1:
                node.input[0] = found.output[0]


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


def count_without_shapes(model: onnx.ModelProto) -> None:
    """How many indices NonZero found, and how long the input is, by one operator in place of two.

    Shape of a vector, Squeeze -> Size; the same of the transpose of NonZero(vector);
    Shape of one dimension, Squeeze, Expand to [1] -> Shape of one dimension.
    """
    view = View(model)
    same: dict[str, str] = {}
    for node in model.graph.node:
        counted = view.maker(node.input[0], "Shape") if node.op_type == "Squeeze" else None
        vector = _counted(view, counted) if counted and _only_first(counted) else None
        if vector is not None:
            node.CopyFrom(helper.make_node("Size", [vector], list(node.output)))
        if node.op_type == "Expand" and view.values(node.input[1]) == [1]:
            scalar = view.maker(node.input[0], "Squeeze")
            shape = scalar and view.maker(scalar.input[0], "Shape")
            if shape and attributes(shape).get("end") is not None:
                same[node.output[0]] = shape.output[0]
    _read_instead(model, same)


def shift_by_padding(model: onnx.ModelProto) -> None:
    """One Pad that takes from one side what it adds on the other, in place of two operators.

    Concat of one number and all of a vector but its last; and the windows of a padded sequence,
    Pad (once for all), Slice -> Pad, the middle one being the sequence itself.
    """
    view = View(model)
    same: dict[str, str] = {}
    added: list[onnx.TensorProto] = []
    for node in list(model.graph.node):
        if node.op_type == "Concat" and len(node.input) == 2:
            first = view.array(node.input[0])
            cut = view.maker(node.input[1], "Slice")
            if first is None or first.shape != (1,) or not cut:
                continue
            if view.rank(cut.input[0]) == 1 and view.slice(cut) == (0, -1, 0, 1):
                pads = constant(f"{node.output[0]}_shift", np.array([1, -1]), added)
                value = constant(f"{node.output[0]}_first", first.reshape(()), added)
                inputs = [cut.input[0], pads, value]
                node.CopyFrom(helper.make_node("Pad", inputs, list(node.output)))
        elif node.op_type == "Slice":
            pad = view.maker(node.input[0], "Pad")
            pads_of = pad and view.values(pad.input[1])
            span = view.slice(node)
            if pad is None or not pads_of or span is None or (len(pad.input) > 2 and pad.input[2]):
                continue
            shift = _shift(pads_of, span)
            if shift == 0:
                same[node.output[0]] = pad.input[0]
            elif shift is not None:
                moved = [0] * len(pads_of)
                moved[span[2]], moved[len(pads_of) // 2 + span[2]] = shift, -shift
                pads = constant(f"{node.output[0]}_shift", np.array(moved), added)
                node.CopyFrom(helper.make_node("Pad", [pad.input[0], pads], list(node.output)))
    model.graph.initializer.extend(added)
    _read_instead(model, same)


def stack_by_turning(model: onnx.ModelProto) -> None:
    """Vectors as the columns of a matrix by three operators, whatever their number.

    Unsqueeze each, Concat side by side -> Concat end to end, Reshape to rows, Transpose.
    """
    view = View(model)
    nodes: list[NodeProto] = []
    added: list[onnx.TensorProto] = []
    for node in model.graph.node:
        columns = [view.maker(name, "Unsqueeze") for name in node.input]
        vectors = [
            column.input[0]
            for column in columns
            if column and view.values(column.input[1]) == [1] and view.rank(column.input[0]) == 1
        ]
        side_by_side = node.op_type == "Concat" and attributes(node).get("axis") == 1
        if not side_by_side or len(vectors) < max(3, len(columns)):
            nodes.append(node)
            continue
        made = node.output[0]
        rows = constant(f"{made}_rows", np.array([len(vectors), -1]), added)
        nodes += [
            helper.make_node("Concat", vectors, [f"{made}_joined"], axis=0),
            helper.make_node("Reshape", [f"{made}_joined", rows], [f"{made}_turned"]),
            helper.make_node("Transpose", [f"{made}_turned"], [made], perm=[1, 0]),
        ]
    _set_nodes(model, nodes)
    model.graph.initializer.extend(added)


def keep_integers(model: onnx.ModelProto) -> None:
    """Let integers of one step pass from operator to operator as they are; in place.

    A DequantizeLinear and a QuantizeLinear of the same step after it do nothing. A
    DynamicQuantizeMatMul of what a DequantizeLinear made has its integers already: it becomes a
    MatMulIntegerToFloat, which finds no range. The largest of some integers stands for the largest
    of the numbers that they stand for.
    """
    _compare_integers(model)
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


def _compare_integers(model: onnx.ModelProto) -> None:
    """DequantizeLinear, ReduceMax -> ReduceMax, DequantizeLinear; in place."""
    graph = model.graph
    makers = {output: node for node in graph.node for output in node.output}
    nodes: list[NodeProto] = []
    for node in graph.node:
        before = makers.get(node.input[0]) if node.op_type == "ReduceMax" else None
        if before is not None and before.op_type == "DequantizeLinear":
            largest = f"{node.output[0]}_integers"
            integers, *step = before.input
            back = helper.make_node("DequantizeLinear", [largest, *step], list(node.output))
            node.input[0], node.output[0] = integers, largest
            nodes += [node, back]
        else:
            nodes.append(node)
    _set_nodes(model, nodes)


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


def drop_defaults(model: onnx.ModelProto) -> None:
    """Take out, in place, each attribute that says what holds without it.

    ONNX Runtime's optimizer writes out all attributes that its release knows, and an older release
    refuses the one that it does not, whatever its value.
    """
    defaults = _defaults()
    sets = {entry.domain: entry.version for entry in model.opset_import}
    for node in model.graph.node:
        versions = defaults.get((node.domain, node.op_type), {})
        known = [version for version in versions if version <= sets.get(node.domain, 0)]
        if known:
            by_name = versions[max(known)]
            kept = [entry for entry in node.attribute if by_name.get(entry.name) != entry]
            del node.attribute[:]
            node.attribute.extend(kept)


@cache
def _defaults() -> dict[tuple[str, str], dict[int, dict[str, onnx.AttributeProto]]]:
    """The attributes' defaults of each version of each operator that ONNX Runtime has."""
    found: dict[tuple[str, str], dict[int, dict[str, onnx.AttributeProto]]] = {}
    for schema in get_all_operator_schema():
        attributes = {
            name: onnx.AttributeProto.FromString(attribute._default_value)
            for name, attribute in schema.attributes.items()
            if attribute._default_value
        }
        found.setdefault((schema.domain, schema.name), {})[schema.since_version] = attributes
    return found


def pack_hash_tables(model: onnx.ModelProto) -> None:
    """The integers of a LabelEncoder as tensors, in place: keys of 64 bits as 8 bytes each and not
    as 11, small values as 2 or 3."""
    for node in model.graph.node:
        if node.op_type != "LabelEncoder":
            continue
        found = {attribute.name: attribute for attribute in node.attribute}
        keys, values = list(found["keys_int64s"].ints), list(found["values_int64s"].ints)
        tensors = {
            "keys_tensor": numpy_helper.from_array(np.array(keys), "keys"),
            "values_tensor": helper.make_tensor("values", TensorProto.INT64, [len(keys)], values),
        }
        kept = [found["default_int64"]]
        del node.attribute[:]
        node.attribute.extend([helper.make_attribute(*pair) for pair in tensors.items()])
        node.attribute.extend(kept)


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


def _shift(pads: list[int], span: tuple[int, int, int, int]) -> int | None:
    """By how much a Slice of a sequence that was padded along the slice's axis alone moves it, when
    it is as long as the sequence was; None where it is not."""
    start, end, axis, step = span
    half = len(pads) // 2
    before, after = pads[axis], pads[half + axis]
    if step != 1 or axis < 0 or start < 0 or sum(map(abs, pads)) != before + after:
        return None
    cut = -end if end < 0 else 0
    if 0 <= end < np.iinfo(np.int64).max or start + cut != before + after:
        return None
    return before - start


def _set_nodes(model: onnx.ModelProto, nodes: Sequence[NodeProto]) -> None:
    kept = [NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del model.graph.node[:]
    model.graph.node.extend(kept)


def _counted(view: View, shape: NodeProto) -> str | None:
    """The tensor with as many elements as a Shape says of its input's first dimension."""
    if view.rank(shape.input[0]) == 1:
        return shape.input[0]
    turned = view.maker(shape.input[0], "Transpose")
    found = turned and view.maker(turned.input[0], "NonZero")
    return found.output[0] if found and view.rank(found.input[0]) == 1 else None


def _only_first(shape: NodeProto) -> bool:
    found = attributes(shape)
    return found.get("start", 0) == 0 and found.get("end") == 1


def _read_instead(model: onnx.ModelProto, same: dict[str, str]) -> None:
    """Let all that read a tensor read the one that is the same; a graph's output stays."""
    for node in model.graph.node:
        for i, name in enumerate(node.input):
            while name in same:
                name = same[name]
            node.input[i] = name
