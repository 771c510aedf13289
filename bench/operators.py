"""Where the time of one answer goes, by operator, as the runtime itself tells."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from edgetext.bench.peers.tokenizers_onnx import NETWORK, TokenizersOnnx

RUNS, WARM_UP = 100, 20
# The share of a node's longest times that is left out: another process was on the core.
LEFT_OUT = 0.2
Operators = list[list[object]]


def profile(path: str, text: str) -> tuple[Operators, str]:
    """[[operator, calls an answer, microseconds an answer], ...], the dearest first, and a note.

    An empty list where the runtime of the file tells nothing; the note says why. Profiling itself
    costs time, so the sum is more than the latency.
    """
    if path.endswith(".onnx"):
        data = np.frombuffer(text.encode("utf-8"), np.uint8).copy().reshape(1, -1)
        return _in_onnxruntime(path, {"text": data}), ""
    if Path(path, NETWORK).exists():
        feeds = TokenizersOnnx(path, 1).feeds(text)
        return _in_onnxruntime(str(Path(path, NETWORK)), feeds), "the network alone"
    if path.endswith(".pte"):
        return [], (
            "ExecuTorch's Python package is built without its event tracer, so it tells no "
            "operator times"
        )
    return [], "operator times are read from ONNX Runtime alone"


def _in_onnxruntime(path: str, feeds: dict[str, np.ndarray]) -> Operators:
    import onnxruntime

    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder, "profile"))
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        for _ in range(WARM_UP + RUNS):
            session.run(None, feeds)
        events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
    kernels = [
        (event["args"]["op_name"], event["name"], event["dur"])
        for event in events
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time")
    ]
    return _totals(kernels)


def _totals(kernels: list[tuple[str, str, int]]) -> Operators:
    """The trimmed mean of each node, by operator. kernels: (operator, node, microseconds)."""
    by_node: dict[tuple[str, str], list[int]] = defaultdict(list)
    for operator, node, taken in kernels:
        by_node[operator, node].append(taken)
    count: dict[str, int] = defaultdict(int)
    total: dict[str, float] = defaultdict(float)
    for (operator, _), taken_all in by_node.items():
        # Whole microseconds, most of them 0 or 1: a mean keeps what the median would lose.
        count[operator] += 1
        times = np.sort(taken_all[WARM_UP:])
        total[operator] += float(times[: len(times) - int(LEFT_OUT * len(times))].mean())
    order = sorted(total, key=lambda operator: -total[operator])
    return [[operator, count[operator], round(total[operator], 2)] for operator in order]
