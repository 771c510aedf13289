"""A sequence moved by some places, by one Pad that takes from one side what it adds on the other.

Concat of one number and all of a vector but its last -> Pad;
Pad of a sequence, Slice as long as the sequence was -> Pad, and the middle one of its windows ->
the sequence itself. One operator a window in place of two, and no padded copy.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper

from edgetext.targets.onnx.edits import read_instead
from edgetext.targets.onnx.view import View, constant


def shift_by_padding(model: onnx.ModelProto) -> None:
    """Shift by a Pad alone, in place. The graph must still say what shapes it expects."""
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
    read_instead(model, same)


def _shift(pads: list[int], span: tuple[int, int, int, int]) -> int | None:
    """Say by how much a Slice of a sequence that was padded along the slice's axis alone moves it,
    when it is as long as the sequence was; None where it is not."""
    start, end, axis, step = span
    half = len(pads) // 2
    before, after = pads[axis], pads[half + axis]
    if step != 1 or axis < 0 or start < 0 or sum(map(abs, pads)) != before + after:
        return None
    cut = -end if end < 0 else 0
    if 0 <= end < np.iinfo(np.int64).max or start + cut != before + after:
        return None
    return before - start
