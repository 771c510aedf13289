"""What an answer of a `.pte` file takes: multiply-adds, bytes moved, operators.

The bytes are the delegates' alone, since the other operators move little.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch

from edgetext.targets.counts import summed
from edgetext.targets.executorch.program import Node, instructions
from edgetext.targets.executorch.session import FORWARD, TOKENIZE, ExecuTorchSession
from edgetext.targets.target import Counts, Question


def work(path: Path, session: ExecuTorchSession, questions: Sequence[Question]) -> Iterator[Counts]:
    """Count by the graphs that the delegates hold, whose bounded dimensions are those of each
    text."""
    content = path.read_bytes()
    steps = [step for method in (TOKENIZE, FORWARD) for step in instructions(content, method)]
    nodes = [node for step in steps for node in step.nodes]
    limit = session.metadata.max_bytes
    for question in questions:
        ids, first, *_ = session.tokenize.execute([torch.from_numpy(text) for text in question])
        # The bounds of targets.executorch.write: pieces up to limit + 1, rows of words up to
        # limit + 2; a window of three pieces pads by two.
        size = {limit + 1: ids.shape[1], limit + 2: len(first), limit + 3: ids.shape[1] + 2}
        yield {**summed(_delegated(node, size) for node in nodes), "operators": float(len(steps))}


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
