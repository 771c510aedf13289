"""What one answer takes, counted in the artifact: multiply-adds, bytes moved, operators.

The counts say nothing of time; edgetext_bench.devices makes an estimate of them.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from edgetext.predictor import as_array, load
from edgetext.targets.executorch.program import Node, instructions
from edgetext.targets.executorch.session import FORWARD, TOKENIZE, ExecuTorchSession

# ONNX Runtime's matrix products by what they multiply: 8-bit integers, or float32.
INT8 = (
    *("DynamicQuantizeMatMul", "MatMulInteger", "MatMulIntegerToFloat", "MatMulNBits"),
    *("QLinearMatMul", "QGemm"),
)
FLOAT = ("MatMul", "FusedMatMul", "Gemm", "FusedGemm")
Counts = dict[str, float]


def work(path: Path, texts: Sequence[str]) -> Counts:
    """{"int8_macs", "fp32_macs", "bytes", "operators", "texts"} of an `.onnx` or a `.pte` file:
    means over the texts.

    bytes: what the operators read and write, each weight once; of a `.pte`, the delegates' alone,
    since its other operators move little.
    """
    counted = _onnx(path, texts) if path.suffix == ".onnx" else _executorch(path, texts)
    found = list(counted)
    return {
        **{name: round(sum(one[name] for one in found) / len(found), 1) for name in found[0]},
        "texts": len(found),
    }


def _onnx(path: Path, texts: Sequence[str]) -> Iterable[Counts]:
    """By the shapes that ONNX Runtime's profiler gives for the graph as it runs it."""
    import onnxruntime

    limit = load(path).metadata.max_bytes
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        # Packed weights have no shape in the profile.
        options.add_session_config_entry("session.disable_prepacking", "1")
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder, "profile"))
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        for text in texts:
            session.run(None, {"text": as_array(text.encode("utf-8", "replace"), limit)})
        events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
    nodes = [
        event["args"]
        for event in events
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time")
    ]
    each = len(nodes) // len(texts)
    for i in range(len(texts)):
        yield _sum(map(_onnx_node, nodes[i * each : (i + 1) * each]))


def _onnx_node(node: dict[str, Any]) -> Counts:
    name = node["op_name"]
    given = [_shape(value) for value in node["input_type_shape"]]
    made = [_shape(value) for value in node["output_type_shape"]]
    moved = float(node["activation_size"]) + float(node["output_size"])
    macs = {"int8_macs": 0.0, "fp32_macs": 0.0}
    if name in INT8 + FLOAT and given and made:
        kind = "int8" if name in INT8 else "fp32"
        # M·K of the first input times N of the output, whichever is transposed.
        macs[f"{kind}_macs"] = float(math.prod(given[0]) * made[0][-1])
        rows = math.prod(made[0]) / made[0][-1]
        deep = math.prod(given[0]) / max(1, rows)
        moved += deep * made[0][-1] * (1 if kind == "int8" else 4)
    elif name == "QLinearConv" and made:
        weight = next(shape for shape in given[1:] if len(shape) == len(given[0]))
        macs["int8_macs"] = float(math.prod(given[0]) * made[0][-1] * weight[-1])
        moved += math.prod(weight)
    elif name == "LSTM":
        length, ways, batch, hidden = made[0]
        steps = length * ways * batch * 4 * hidden
        macs["fp32_macs"] = float(steps * (given[0][-1] + hidden))
        moved += ways * 4 * hidden * (given[0][-1] + hidden) * 4
    elif not name.startswith("Gather"):
        # A gather reads of its table what it writes; others read all of theirs.
        moved += float(node["parameter_size"])
    return {**macs, "bytes": moved, "operators": 1.0}


def _executorch(path: Path, texts: Sequence[str]) -> Iterable[Counts]:
    """By the graphs that the delegates hold, whose bounded dimensions are those of each text."""
    import torch

    predictor = load(path)
    session = predictor.session
    assert isinstance(session, ExecuTorchSession)
    content = path.read_bytes()
    steps = [step for method in (TOKENIZE, FORWARD) for step in instructions(content, method)]
    nodes = [node for step in steps for node in step.nodes]
    limit = predictor.metadata.max_bytes
    for text in texts:
        data = as_array(text.encode("utf-8", "replace"), limit).copy()
        ids, first, *_ = session.tokenize.execute([torch.from_numpy(data)])
        # The bounds of targets.executorch.write: pieces up to limit + 1, rows of words up to
        # limit + 2; a window of three pieces pads by two.
        size = {limit + 1: ids.shape[1], limit + 2: len(first), limit + 3: ids.shape[1] + 2}
        yield {**_sum(_delegated(node, size) for node in nodes), "operators": float(len(steps))}


def _delegated(node: Node, size: dict[int, int]) -> Counts:
    shapes = {
        role: (tuple(size.get(n, n) for n in dims) if role != "filter" else dims, kind)
        for role, (dims, kind) in node.tensors.items()
    }
    macs = {"int8_macs": 0.0, "fp32_macs": 0.0}
    out = shapes.get("output", ((0,), ""))[0]
    if node.name == "FullyConnected":
        (rows, _), kind = shapes["filter"]
        name = "int8_macs" if "int8" in kind else "fp32_macs"
        macs[name] = float(math.prod(shapes["input1"][0]) * rows)
    elif node.name == "Conv2d":
        dims, kind = shapes["filter"]
        name = "int8_macs" if "int8" in kind else "fp32_macs"
        macs[name] = float(math.prod(out) * math.prod(dims[1:]))
    elif node.name == "BatchMatrixMultiply":
        macs["fp32_macs"] = float(math.prod(shapes["input1"][0]) * out[-1])
    moved = sum(math.prod(dims) * (1 if "int8" in kind else 4) for dims, kind in shapes.values())
    return {**macs, "bytes": float(moved), "operators": 0.0}


def _sum(counts: Iterable[Counts]) -> Counts:
    total: Counts = {"int8_macs": 0.0, "fp32_macs": 0.0, "bytes": 0.0, "operators": 0.0}
    for one in counts:
        for name, value in one.items():
            total[name] += value
    return total


def _shape(value: dict[str, list[int]]) -> list[int]:
    (dimensions,) = value.values()
    return dimensions or [1]
