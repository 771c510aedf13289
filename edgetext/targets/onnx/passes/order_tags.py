"""Softmax of tags, Slice of every second column, Slice of those beside them -> Softmax, Split.

The layer that scores the tags gets its columns in another order: all begins, all insides, and the
outside last, so that nothing takes every second number of a row, which costs more than a row at
once. One operator less, and two strided copies. Columns behind the tags that are never likely,
which a Slice leaves out, stay, and the Slice goes: another operator less.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto, helper, numpy_helper

from edgetext.targets.onnx.edits import read_instead
from edgetext.targets.onnx.view import View, attributes, constant

# A constant's name, and the axis that has the tags; in a flat one each tag has several numbers.
Column = tuple[str, int]
# How far below the least bias of a tag that of a column is which is there for the sake of a layer's
# width alone. Its share of a softmax is lost in rounding; one much smaller would be no normal
# number, with which a softmax takes several times as long
# (findings/onnxruntime_softmax_of_masked_scores.sh).
BELOW = 50.0
# Of a layer's inputs, those that have a number for each column, and the axis.
BIAS = 4  # of a DynamicQuantizeMatMul
LAYERS = {
    "MatMul": {1: -1},
    "DynamicQuantizeMatMul": {1: -1, 2: 0, BIAS: 0},
    "MatMulNBits": {1: 0, 2: 0, 5: 0},
}


def order_tags(model: onnx.ModelProto) -> None:
    """Order the columns of such tags, in place. The graph must still say what shapes it expects."""
    view = View(model)
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    added: list[onnx.TensorProto] = []
    for node in [node for node in model.graph.node if node.op_type == "Softmax"]:
        scores = node.output[0]
        tags = _tags(view, scores)
        readers = view.readers(scores)
        products = [x for x in readers if x.op_type == "MatMul" and x.input[0] == scores]
        slices = {span[0]: x for x in readers if (span := _every_second(view, x))}
        if not tags or len(readers) != 3 or len(products) != 1 or sorted(slices) != [1, 2]:
            continue
        cut, width = _cut(view, node.input[0], tags)
        columns = _columns(view, node.input[0], width)
        kinds = products[0].input[1]
        if columns is None or view.array(kinds) is None or not view.sole_reader(kinds):
            continue
        order = np.array([*range(1, tags, 2), *range(2, tags, 2), 0, *range(tags, width)])
        if cut is not None:
            tensors[kinds].CopyFrom(_with_rows(tensors[kinds], width))
            _forget_shapes(model, view, cut, scores)
            read_instead(model, {cut.output[0]: cut.input[0]})
            model.graph.node.remove(cut)
        for name, axis in [*columns, (kinds, -2)]:
            tensors[name].CopyFrom(_ordered(tensors[name], axis, order))
        behind = width - tags // 2 * 2
        sizes = constant(f"{scores}_parts", np.array([tags // 2, tags // 2, behind]), added)
        parts = [slices[1].output[0], slices[2].output[0], f"{scores}_outside"]
        slices[1].CopyFrom(helper.make_node("Split", [scores, sizes], parts, axis=-1))
        model.graph.node.remove(slices[2])
        _put_behind_maker(model, slices[1])
    model.graph.initializer.extend(added)


def _tags(view: View, scores: str) -> int:
    """How many columns there are, an odd number; 0 where that is not known."""
    shape = view.shape(scores)
    last = shape[-1] if shape else 0
    return last if isinstance(last, int) and last % 2 else 0


def _cut(view: View, name: str, tags: int) -> tuple[NodeProto | None, int]:
    """The Slice that leaves columns out behind the tags that are never likely, and how many there
    are with them; None and the tags where there is no such Slice."""
    node = view.node(name)
    while node is not None and node.op_type in ("Squeeze", "Gather"):
        node = view.node(node.input[0])
    layer = view.node(node.input[0]) if node is not None and node.op_type == "Slice" else None
    if node is None or layer is None or layer.op_type != "DynamicQuantizeMatMul":
        return None, tags
    if not _given(layer, BIAS):
        return None, tags
    rank, bias = view.rank(node.input[0]) or 0, view.array(layer.input[BIAS])
    if bias is None or (bias[tags:] > bias[:tags].min() - BELOW / 2).any():
        return None, tags
    # An axis counted from the end or from the front.
    first = [(0, tags, axis, 1) for axis in (-1, rank - 1)]
    return (node, len(bias)) if view.slice(node) in first else (None, tags)


def _forget_shapes(model: onnx.ModelProto, view: View, cut: NodeProto, name: str) -> None:
    """Let the graph say no more how wide a tensor is, and those before it up to the Slice."""
    wider = {name}
    while name != cut.output[0]:
        name = view.made_by(name).input[0]
        wider.add(name)
    kept = [value for value in model.graph.value_info if value.name not in wider]
    del model.graph.value_info[:]
    model.graph.value_info.extend(kept)


def _every_second(view: View, node: NodeProto) -> tuple[int, int] | None:
    """Where a Slice of every second column begins, and its step."""
    span = view.slice(node) if node.op_type == "Slice" else None
    rank = view.rank(node.input[0])
    if span is None or rank is None:
        return None
    start, end, axis, step = span
    whole = end >= np.iinfo(np.int32).max
    return (start, step) if whole and step == 2 and axis in (-1, rank - 1) else None


def _columns(view: View, name: str, tags: int) -> list[Column] | None:
    """The constants that a tensor's columns come from; None where that is not known, or where
    something else reads them."""
    if not view.sole_reader(name):
        return None
    node = view.node(name)
    if node is None:
        return None
    if node.op_type == "Squeeze":
        return _columns(view, node.input[0], tags)
    if node.op_type == "Slice":
        # The one that `_cut` knows, or one that leaves no column out.
        whole = (view.shape(node.input[0]) or [0])[-1] == tags
        return _columns(view, node.input[0], tags) if whole else None
    if node.op_type == "Gather":
        rank = view.rank(node.input[0])
        inside = rank is not None and 0 <= attributes(node).get("axis", 0) < rank - 1
        return _columns(view, node.input[0], tags) if inside else None
    if node.op_type == "Add":
        biases = [x for x in node.input if view.array(x) is not None]
        others = [x for x in node.input if x not in biases]
        if len(others) != 1 or not _has(view, biases[0], -1, tags):
            return None
        rest = _columns(view, others[0], tags)
        return None if rest is None else [(biases[0], -1), *rest]
    axes = LAYERS.get(node.op_type, {})
    parts = [(node.input[i], axis) for i, axis in axes.items() if _given(node, i)]
    return parts if parts and all(_has(view, *part, tags) for part in parts) else None


def _given(node: NodeProto, place: int) -> bool:
    return place < len(node.input) and bool(node.input[place])


def _has(view: View, name: str, axis: int, tags: int) -> bool:
    """Whether a constant that one node reads has the tags along an axis."""
    array = view.array(name)
    return array is not None and view.sole_reader(name) and array.shape[axis] % tags == 0


def _ordered(tensor: onnx.TensorProto, axis: int, order: np.ndarray) -> onnx.TensorProto:
    array = numpy_helper.to_array(tensor)
    parts = np.moveaxis(array, axis, 0)
    rows = parts.reshape(len(order), -1, *parts.shape[1:])[order].reshape(parts.shape)
    return numpy_helper.from_array(np.ascontiguousarray(np.moveaxis(rows, 0, axis)), tensor.name)


def _with_rows(tensor: onnx.TensorProto, count: int) -> onnx.TensorProto:
    """A matrix, or several, with so many rows: zeros behind its own."""
    array = numpy_helper.to_array(tensor)
    sizes = [(0, 0)] * array.ndim
    sizes[-2] = (0, count - array.shape[-2])
    return numpy_helper.from_array(np.pad(array, sizes), tensor.name)


def _put_behind_maker(model: onnx.ModelProto, node: NodeProto) -> None:
    """Put a node right behind the one that makes its first input."""
    copy = NodeProto.FromString(node.SerializeToString())
    model.graph.node.remove(node)
    maker = next(i for i, x in enumerate(model.graph.node) if copy.input[0] in x.output)
    model.graph.node.insert(maker + 1, copy)
