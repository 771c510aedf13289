"""Where the time of one answer goes in ONNX Runtime, by its own profiler.

The profiler itself costs time, so its sum is more than the latency.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from edgetext.targets.operators import by_operator
from edgetext.targets.target import Operators

RUNS, WARM_UP = 100, 20
# The share of a node's longest times that is left out: another process was on the core.
LEFT_OUT = 0.2


def in_onnxruntime(path: str, feeds: dict[str, np.ndarray], as_written: bool = False) -> Operators:
    """Profile a graph on its inputs by name.

    as_written: whether the graph is run as it is, as targets.onnx.session does.
    """
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
        kernels = kernels_of(session)
    return _totals(_outermost(kernels))


def kernels_of(session: onnxruntime.InferenceSession) -> list[dict[str, Any]]:
    """End a session's profiling and give its events of kernels, in their order."""
    events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
    return [
        event
        for event in events
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time")
    ]


def _outermost(kernels: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """(operator, node, microseconds) of each event, but for those within a Loop, which has their
    time, too. They come before it."""
    kept: list[dict[str, Any]] = []
    for event in kernels:
        if event["args"]["op_name"] == "Loop":
            while kept and kept[-1]["ts"] >= event["ts"]:
                kept.pop()
        kept.append(event)
    return [(event["args"]["op_name"], event["name"], event["dur"]) for event in kept]


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
    return by_operator(nodes)
