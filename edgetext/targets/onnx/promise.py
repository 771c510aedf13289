"""What an `.onnx` file must not hold, so that every release of ONNX Runtime that is promised for it
(target.RELEASES) loads it and gives the same answers.

The tables say what was found by running the releases themselves, `edgetext bench hosts` and the
scripts in findings/ among the means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime

from edgetext.core.errors import EdgetextError
from edgetext.targets.onnx.target import RELEASES
from edgetext.targets.onnx.view import all_nodes, attributes

# The newest version of each standard operator set that the oldest release has schemas for (its own
# list, onnxruntime.capi._pybind_state.get_all_operator_schema in the wheel of 1.24.1).
OPERATOR_SETS = {"": 25, "ai.onnx.ml": 5, "com.microsoft": 1}
# Of ONNX Runtime's own operators, the ones that `export` writes or its optimizer makes of what
# `export` writes, with the attributes that the oldest release knows (the same list). A later one
# refuses the file: MatMulNBits has `weight_prepacked` since 1.28.
OWN_OPERATORS = {
    "BiasGelu": set(),
    "DynamicQuantizeMatMul": set(),
    "FastGelu": set(),
    "FusedConv": {
        "activation", "activation_params", "auto_pad", "dilations", "group", "kernel_shape", "pads",
        "strides",
    },
    "FusedGemm": {
        "activation", "activation_alpha", "activation_beta", "activation_gamma", "alpha", "beta",
        "transA", "transB",
    },
    "FusedMatMul": {"alpha", "transA", "transB", "transBatchA", "transBatchB"},
    "Gelu": set(),
    "MatMulIntegerToFloat": set(),
    "MatMulNBits": {"K", "N", "accuracy_level", "bits", "block_size"},
    "QLinearConv": {
        "auto_pad", "channels_last", "dilations", "group", "kernel_shape", "pads", "strides",
    },
    "QuickGelu": {"alpha"},
    "SkipLayerNormalization": {"epsilon"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unsafe:
    """What releases before `right` do with an operator that is given a tensor without elements."""

    right: str
    does: str


_KEEPS = Unsafe(
    "1.32.0",
    "gives the shape of its input where the axis is counted from the end "
    "(findings/onnxruntime_reduction_without_rows.sh)",
)
# Operators by the first release that is right for an empty tensor. Found with 1.24.1 to 1.32.0.
EMPTY = {
    "ArgMax": _KEEPS,
    "ArgMin": _KEEPS,
    "ReduceL1": _KEEPS,
    "ReduceL2": _KEEPS,
    "ReduceLogSum": _KEEPS,
    "ReduceLogSumExp": _KEEPS,
    "ReduceMax": _KEEPS,
    "ReduceMean": _KEEPS,
    "ReduceMin": _KEEPS,
    "ReduceProd": _KEEPS,
    "ReduceSum": _KEEPS,
    "ReduceSumSquare": _KEEPS,
    "TopK": Unsafe("1.31.0", "makes nothing that can be relied on"),
}
# Texts on whose way through a graph tensors are as small as they get: no word, no character, one.
SMALLEST = (b" ", b"\xff", b"a", b" \t\n ", b".")


def check_promise(model: onnx.ModelProto, source: str) -> None:
    """Raise EdgetextError, naming the operator, where a file may not run in every release promised.

    model: as it is written, its inputs uint8[1, n], or those of a batch file. source: what to call
    it.
    """
    for problem in (_newer(model), _empty(model)):
        if problem:
            raise EdgetextError(
                f"{source}: {problem}; files are promised for ONNX Runtime {RELEASES.oldest} and "
                "newer, so nothing was written"
            )


def _newer(model: onnx.ModelProto) -> str | None:
    """Name the first operator, or its set or attribute, that the oldest release does not know."""
    for entry in model.opset_import:
        known = OPERATOR_SETS.get(entry.domain)
        if known is None or entry.version > known:
            return f"the graph uses operator set {entry.domain or 'ai.onnx'} {entry.version}"
    for node in all_nodes(model.graph):
        if node.domain != "com.microsoft":
            continue
        if node.op_type not in OWN_OPERATORS:
            return f"the graph holds {node.op_type} of ONNX Runtime's own operators"
        for attribute in node.attribute:
            if attribute.name not in OWN_OPERATORS[node.op_type]:
                return f"the graph's {node.op_type} has the attribute {attribute.name}"
    return None


def _empty(model: onnx.ModelProto) -> str | None:
    """Name the first operator of EMPTY that meets an empty tensor on one of the SMALLEST texts."""
    watched = [node for node in model.graph.node if node.op_type in EMPTY]
    read = list(dict.fromkeys(node.input[0] for node in watched))
    shapes = _shapes(model, read)
    for node in watched:
        if any(0 in shape and not _is_right(node, shape) for shape in shapes[node.input[0]]):
            unsafe = EMPTY[node.op_type]
            return (
                f"{node.op_type} ({', '.join(node.output)}) meets a tensor without elements in a "
                f"short text, of which ONNX Runtime before {unsafe.right} {unsafe.does}; give it "
                "one row more and cut that off behind it"
            )
    return None


def _is_right(node: onnx.NodeProto, shape: tuple[int, ...]) -> bool:
    """Whether every release is right for a tensor without elements, since an attribute counts the
    axis from the front and there is something along it."""
    axis = attributes(node).get("axis", -1)
    return EMPTY[node.op_type] is _KEEPS and axis >= 0 and shape[axis] > 0


def _shapes(model: onnx.ModelProto, names: Sequence[str]) -> dict[str, list[tuple[int, ...]]]:
    """Find the shapes of some tensors, one for each pair of SMALLEST texts that are tried."""
    given = {tensor.name for tensor in (*model.graph.input, *model.graph.initializer)}
    inner = [name for name in names if name not in given]
    shapes: dict[str, list[tuple[int, ...]]] = {name: [] for name in names}
    if not inner:
        return shapes
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(
        _with_outputs(model, inner), options, providers=["CPUExecutionProvider"]
    )
    inputs = [(tensor.name, len(tensor.shape), tensor.type) for tensor in session.get_inputs()]
    for text in SMALLEST:
        feeds = {
            # Of a batch file these are the offsets of its texts.
            name: np.array([0, len(text)])
            if kind == "tensor(int64)"
            else np.frombuffer(text, np.uint8).reshape((1,) * (rank - 1) + (-1,))
            for name, rank, kind in inputs
        }
        for name, value in zip(inner, session.run(inner, feeds), strict=True):
            shapes[name].append(value.shape)
    return shapes


def _with_outputs(model: onnx.ModelProto, names: Sequence[str]) -> bytes:
    """Serialize a model whose outputs are other tensors; it is as it was after it, and its weights
    are never copied."""
    outputs = [onnx.ValueInfoProto.FromString(x.SerializeToString()) for x in model.graph.output]
    del model.graph.output[:]
    model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
    content: bytes = model.SerializeToString()
    del model.graph.output[:]
    model.graph.output.extend(outputs)
    return content
