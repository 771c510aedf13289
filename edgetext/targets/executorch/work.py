"""What an answer of a `.pte` file takes: multiply-adds, bytes moved, operators.

The bytes are the delegates' alone, since the other operators move little.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from edgetext.targets.counts import summed
from edgetext.targets.executorch.program import Node, instructions
from edgetext.targets.executorch.session import FORWARD, TOKENIZE, ExecuTorchSession
from edgetext.targets.target import Counts, Question
from edgetext.text.hashed.grams import PLACES_AROUND

# No window pads by more, and no more stands around a text that is hashed.
WIDEST_WINDOW = 20


def work(path: Path, session: ExecuTorchSession, questions: Sequence[Question]) -> Iterator[Counts]:
    """Count by the graphs that the delegates hold, whose bounded dimensions are those of each
    text."""
    content = path.read_bytes()
    steps = {method: list(instructions(content, method)) for method in (TOKENIZE, FORWARD)}
    nodes = {method: [node for step in steps[method] for node in step.nodes] for method in steps}
    count = float(sum(map(len, steps.values())))
    limit = session.metadata.max_bytes
    for question in questions:
        read = session.tokenize.execute([torch.from_numpy(text) for text in question])
        sizes = (
            _sizes_of_hashed(limit, question[0].shape[1], read[1])
            if read[0].dim() == 1
            else _sizes_of_pieces(limit, read[0], read[1])
        )
        each = [_delegated(node, sizes[method]) for method in nodes for node in nodes[method]]
        yield {**summed(each), "operators": count}


def _sizes_of_pieces(limit: int, ids: Tensor, first: Tensor) -> dict[str, dict[int, int]]:
    """By method, the size that stands for each bound of targets.executorch.write: pieces up to
    limit + 1, rows of words up to limit + 2; a window of three pieces pads by two."""
    size = {limit + 1: ids.shape[1], limit + 2: len(first), limit + 3: ids.shape[1] + 2}
    return {TOKENIZE: size, FORWARD: size}


def _sizes_of_hashed(limit: int, length: int, edges: Tensor) -> dict[str, dict[int, int]]:
    """The same of hashed words: bytes up to limit + 1, and what stands around them; rows of words
    up to limit + 2, and an even number that a window pads by; places of n-grams."""
    words = len(edges) // 2
    within = {limit + 2 + more: words + more for more in range(0, WIDEST_WINDOW, 2)}
    places = {limit + 1 + PLACES_AROUND: length + PLACES_AROUND}
    around = {limit + 1 + more: length + more for more in range(WIDEST_WINDOW)}
    return {TOKENIZE: around, FORWARD: {**within, **places}}


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
