"""Cast of each to float32, Div, Abs, Floor, times the Sign, Cast to int64 -> Div of integers.

So torch's exporter writes a quotient of integers that is cut off, which ONNX's own Div of integers
is. Seven operators less each, and right in engines that divide floats by multiplying with an
inverse, where 41 / 41 is less than 1.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper

from edgetext.targets.onnx.view import View, attributes, constant


def divide_integers(model: onnx.ModelProto) -> None:
    """Divide integers as such, in place. The graph must still say what types it expects."""
    view = View(model)
    added: list[onnx.TensorProto] = []
    for node in model.graph.node:
        if node.op_type != "Cast" or attributes(node)["to"] != TensorProto.INT64:
            continue
        quotient = _cut_off(view, node.input[0])
        parts = [_integers(view, name, added) for name in quotient.input] if quotient else []
        known = [part for part in parts if part]
        if len(known) == 2:
            node.CopyFrom(helper.make_node("Div", known, list(node.output)))
    model.graph.initializer.extend(added)


def _cut_off(view: View, name: str) -> NodeProto | None:
    """Give the Div that a product of a Floor and a Sign is cut off from."""
    product = view.sole(name, "Mul")
    floor, sign = (view.maker(x, kind) for x, kind in zip(
        product.input if product else ("", ""), ("Floor", "Sign"), strict=True
    ))  # fmt: skip
    size = floor and view.maker(floor.input[0], "Abs")
    if not size or not sign or size.input[0] != sign.input[0]:
        return None
    return view.maker(sign.input[0], "Div")


def _integers(view: View, name: str, added: list[onnx.TensorProto]) -> str | None:
    """Give the int64 tensor that a float32 one was made of, where there is one."""
    cast = view.maker(name, "Cast")
    if cast is not None:
        return cast.input[0] if view.kind(cast.input[0]) == TensorProto.INT64 else None
    value = view.array(name)
    if value is None or not np.array_equal(value, np.trunc(value)):
        return None
    integers = f"{name}_integers"
    # Several quotients may share a divisor.
    if all(tensor.name != integers for tensor in added):
        constant(integers, value.astype(np.int64), added)
    return integers
