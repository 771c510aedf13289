"""Where the time of one answer goes, by operator, as the runtime itself tells."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from edgetext.predictor import load
from edgetext.timing.inputs import arrays, named
from edgetext.timing.texts import Question

RUNS, WARM_UP = 100, 20
# The share of a node's longest times that is left out: another process was on the core.
LEFT_OUT = 0.2
CUT_SHORT = "from the program run cut short after each instruction in turn"
Operators = list[list[object]]


def profile(path: str, asked: Question) -> tuple[Operators, str]:
    """[[operator, calls an answer, microseconds an answer], ...], the dearest first, and a note.

    An empty list where nothing tells the times; the note says why, or how they were found. ONNX
    Runtime's profiler itself costs time, so its sum is more than the latency.
    """
    if path.endswith((".onnx", ".ort")):
        return in_onnxruntime(path, named(load(path), asked), as_written=True), ""
    if path.endswith(".pte"):
        from edgetext.timing.prefixes import instruction_times

        times = instruction_times(Path(path).read_bytes(), arrays(load(path), asked))
        return _added([(name, 1, taken) for name, taken in times]), CUT_SHORT
    return [], "PyTorch's operators are not timed"


def in_onnxruntime(path: str, feeds: dict[str, np.ndarray], as_written: bool = False) -> Operators:
    """Profile a graph on its inputs by name; see `profile`.

    as_written: whether the graph is run as it is, as targets.onnx.session does."""
    import onnxruntime

    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        if as_written:
            level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            options.graph_optimization_level = level
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
    nodes = []
    for (operator, _), taken_all in by_node.items():
        # Whole microseconds, most of them 0 or 1: a mean keeps what the median would lose.
        times = np.sort(taken_all[WARM_UP:])
        nodes.append((operator, 1, float(times[: len(times) - int(LEFT_OUT * len(times))].mean())))
    return _added(nodes)


def _added(nodes: list[tuple[str, int, float]]) -> Operators:
    """(operator, calls, microseconds) of each node, by operator."""
    count: dict[str, int] = defaultdict(int)
    total: dict[str, float] = defaultdict(float)
    for operator, calls, taken in nodes:
        count[operator] += calls
        total[operator] += taken
    order = sorted(total, key=lambda operator: -total[operator])
    return [[operator, count[operator], round(total[operator], 2)] for operator in order]
