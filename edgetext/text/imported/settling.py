"""Steps that are taken until they change nothing, as often as a text needs.

Each host has the means: PyTorch and ONNX (Loop) stop when a step changed nothing; ExecuTorch has no
such loop, but one over the rows of a tensor, so that the number of steps is known before.

The operators of torch.export are called themselves: torch.while_loop and its like compile their
functions first, which takes seconds and, on a busy machine, fails now and then. So all tensors that
a step reads are given to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch._higher_order_ops.scan import scan_op
from torch._higher_order_ops.while_loop import while_loop_op

State = tuple[Tensor, ...]


def settled(step: Callable[..., State], state: State, given: State) -> State:
    """Give the first state, of those that `step` makes one after another, whose first tensor it
    leaves as it is; there must be one.

    step: from a state's tensors and those given to a state of the same shapes and dtypes.
    """
    if torch.compiler.is_exporting():
        count = len(state)

        def changes(*tensors: Tensor) -> Tensor:
            return tensors[count].clone()

        def change(*tensors: Tensor) -> State:
            after = step(*tensors[:count], *tensors[count + 1 :])
            return *after, (after[0] != tensors[0]).any()

        changed = torch.ones((), dtype=torch.bool)
        carried: Any = (*state, changed)
        return tuple(while_loop_op(changes, change, carried, given)[:count])
    while True:
        after = step(*state, *given)
        if torch.equal(after[0], state[0]):
            return after
        state = after


def in_turn(step: Callable[..., State], state: Tensor, rows: State, given: State = ()) -> State:
    """Give the last state, and what `step` gave of each row, one below the other: for ExecuTorch.

    step: from a state, a row of each of `rows` [k, ...] and what is given to the next state, of the
    same shape and dtype, and a tensor of its own.
    """
    if torch.compiler.is_exporting():
        return tuple(scan_op(step, [state], list(rows), given))
    parts = []
    for row in zip(*rows, strict=True):
        state, part = step(state, *row, *given)
        parts.append(part)
    return state, torch.stack(parts)
