"""A Loop without an end but its own condition -> one of at most ROUNDS rounds.

A text graph's loop ends when a round changes nothing. A host whose operators are wrong may never
see that, and a wrong answer is better than none: ONNX Runtime up to 1.31.1 takes the lesser of two
large integers wrongly, by which a loop went on for good.
"""

from __future__ import annotations

import numpy as np
import onnx

from edgetext.targets.onnx.view import constant

# More than any text needs, and half a second of a short one.
ROUNDS = 1 << 16


def bound_loops(model: onnx.ModelProto) -> None:
    """Let each Loop of the graph end after so many rounds, in place."""
    added: list[onnx.TensorProto] = []
    for node in model.graph.node:
        if node.op_type == "Loop" and not node.input[0]:
            node.input[0] = constant(f"{node.output[0]}_rounds", np.array(ROUNDS), added)
    model.graph.initializer.extend(added)
