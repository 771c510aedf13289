"""What an answer of an `.onnx` file takes: multiply-adds, bytes moved, operators."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from edgetext.targets.counts import summed
from edgetext.targets.onnx.profile import kernels_of
from edgetext.targets.target import Counts

# The matrix products by what they multiply: 8-bit integers, or float32.
INT8 = (
    *("DynamicQuantizeMatMul", "MatMulInteger", "MatMulIntegerToFloat", "MatMulNBits"),
    *("QLinearMatMul", "QGemm"),
)
FLOAT = ("MatMul", "FusedMatMul", "Gemm", "FusedGemm")


def work(path: Path, questions: Sequence[Mapping[str, np.ndarray]]) -> Iterator[Counts]:
    """Count by the shapes that ONNX Runtime's profiler gives for the graph as it runs it.

    questions: what the graph takes for each, by name.
    """
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        # Packed weights have no shape in the profile.
        options.add_session_config_entry("session.disable_prepacking", "1")
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder, "profile"))
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        for question in questions:
            session.run(None, dict(question))
        nodes = kernels_of(session)
    # How many there are depends on the question: a Loop's are counted as often as it runs them.
    begins = [i for i, event in enumerate(nodes) if event["name"] == nodes[0]["name"]]
    for begin, end in zip(begins, [*begins[1:], len(nodes)], strict=True):
        yield summed(_node(event["args"]) for event in nodes[begin:end])


def _node(node: dict[str, Any]) -> Counts:
    name = node["op_name"]
    given = [_shape(value) for value in node["input_type_shape"]]
    results = [_shape(value) for value in node["output_type_shape"]]
    moved = float(node["activation_size"]) + float(node["output_size"])
    macs = {"int8_macs": 0.0, "fp32_macs": 0.0}
    if name in INT8 + FLOAT and given and results:
        kind = "int8" if name in INT8 else "fp32"
        # M·K of the first input times N of the output, whichever is transposed.
        macs[f"{kind}_macs"] = float(math.prod(given[0]) * results[0][-1])
        rows = math.prod(results[0]) / results[0][-1]
        deep = math.prod(given[0]) / max(1, rows)
        moved += deep * results[0][-1] * (1 if kind == "int8" else 4)
    elif name == "QLinearConv" and results:
        weight = next(shape for shape in given[1:] if len(shape) == len(given[0]))
        macs["int8_macs"] = float(math.prod(given[0]) * results[0][-1] * weight[-1])
        moved += math.prod(weight)
    elif name == "LSTM":
        length, ways, batch, hidden = results[0]
        steps = length * ways * batch * 4 * hidden
        macs["fp32_macs"] = float(steps * (given[0][-1] + hidden))
        moved += ways * 4 * hidden * (given[0][-1] + hidden) * 4
    elif not name.startswith("Gather"):
        # A gather reads of its table what it writes; others read all of theirs.
        moved += float(node["parameter_size"])
    return {**macs, "bytes": moved, "operators": 1.0}


def _shape(value: dict[str, list[int]]) -> list[int]:
    (dimensions,) = value.values()
    return dimensions or [1]
