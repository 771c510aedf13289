"""What a graph has that OpenVINO computes with 32 bits, and silently: its float64 becomes float32,
and of an int64 what is beyond 32 bits is cut."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, numpy_helper

from edgetext.core.errors import EdgetextError
from edgetext.targets.onnx.view import all_graphs, all_nodes

_INT32, _INT64 = np.iinfo(np.int32), np.iinfo(np.int64)
_INTEGERS = (TensorProto.INT64, TensorProto.UINT64, TensorProto.UINT32)


def check_widths(model: onnx.ModelProto, source: str) -> None:
    """Raise EdgetextError, naming what, for a graph that needs more than 32 bits."""
    wide = wide_parts(model)
    if wide:
        listed = ", ".join(wide[:3]) + (f" and {len(wide) - 3} more" if len(wide) > 3 else "")
        raise EdgetextError(
            f"{source}: the graph needs 64 bits ({listed}) and OpenVINO keeps 32 of them without a "
            "word, so that answers could be others; open the file without the runtime openvino"
        )


def fits(content: bytes) -> bool:
    """Tell whether 32 bits are enough for the graph of a file."""
    return not wide_parts(onnx.ModelProto.FromString(content))


def wide_parts(model: onnx.ModelProto) -> list[str]:
    """Name the constants and operators of a graph that need more than 32 bits.

    The least and the largest int64 as the ends of a Slice do not: they mean "to the end", and do so
    when they are cut.
    """
    read = [
        (name, node.op_type == "Slice" and place == 2)
        for node in all_nodes(model.graph)
        for place, name in enumerate(node.input)
    ]
    ends = {name for name, is_end in read if is_end} - {name for name, is_end in read if not is_end}
    parts: list[str] = []
    for graph in all_graphs(model.graph):
        for tensor in graph.initializer:
            parts += _of_tensor(tensor, tensor.name, tensor.name in ends)
        for node in graph.node:
            parts += _of_node(node, node.output[0] in ends)
    return parts


def _of_node(node: NodeProto, is_end: bool) -> Iterator[str]:
    for attribute in node.attribute:
        if attribute.HasField("t"):
            yield from _of_tensor(attribute.t, node.output[0], is_end)
        elif attribute.name in ("to", "dtype") and attribute.i == TensorProto.DOUBLE:
            yield f"{node.op_type} {node.output[0]} to float64"
        elif attribute.name in ("value_int", "value_ints"):
            integers = np.array([*attribute.ints, attribute.i], np.int64)
            yield from _beyond(integers, node.output[0], is_end)


def _of_tensor(tensor: TensorProto, name: str, is_end: bool) -> Iterator[str]:
    if tensor.data_type == TensorProto.DOUBLE:
        yield f"float64 in {name}"
    elif tensor.data_type in _INTEGERS:
        yield from _beyond(numpy_helper.to_array(tensor), name, is_end)


def _beyond(values: np.ndarray, name: str, is_end: bool) -> Iterator[str]:
    wide = (values > _INT32.max) | (values < _INT32.min)
    if is_end:
        wide &= (values != _INT64.max) & (values != _INT64.min)
    if wide.any():
        yield f"the integer {values[wide].flat[0]} in {name}"
