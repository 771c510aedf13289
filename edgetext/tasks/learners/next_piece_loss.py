"""Cross-entropy over a whole vocabulary without ever holding a batch's scores.

The scores of a batch, [N, V], would be hundreds of megabytes. They are made a chunk of rows at a
time, turned into loss and gradient while the chunk is still in the processor's cache, and dropped
(the way of Hsu et al. 2024, "Liger Kernel", §3.2).
"""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

CHUNK = 256


class Goal(Protocol):
    def against(self, scores: Tensor, rows: slice) -> tuple[Tensor, Tensor]:
        """float32[n, V] -> the summed loss, and its gradient float32[n, V]."""
        ...


class Pieces:
    """The right piece at each row, int64[N], with label smoothing."""

    def __init__(self, target: Tensor, smoothing: float = 0.0) -> None:
        self.target = target
        self.smoothing = smoothing

    def against(self, scores: Tensor, rows: slice) -> tuple[Tensor, Tensor]:
        target = self.target[rows].unsqueeze(1)
        logs = torch.log_softmax(scores, dim=-1)
        loss = -(1 - self.smoothing) * logs.gather(1, target).sum()
        if self.smoothing:
            loss = loss - self.smoothing * logs.mean(dim=-1).sum()
        gradient = logs.exp_()
        if self.smoothing:
            gradient -= self.smoothing / scores.shape[1]
        right = gradient.new_full(target.shape, self.smoothing - 1)
        gradient.scatter_add_(1, target, right)
        return loss, gradient


class Teacher:
    """Another model's distribution at each row, softened: T² KL(teacher || model).

    query float[N, E'], table float[V, E'], bias float[V]: what makes the teacher's scores.
    """

    def __init__(self, query: Tensor, table: Tensor, bias: Tensor, temperature: float) -> None:
        self.query, self.table, self.bias = query, table, bias
        self.temperature = temperature

    def against(self, scores: Tensor, rows: slice) -> tuple[Tensor, Tensor]:
        wanted = torch.nn.functional.linear(self.query[rows], self.table, self.bias).float()
        wanted = torch.log_softmax(wanted / self.temperature, dim=-1)
        found = torch.log_softmax(scores / self.temperature, dim=-1)
        share = wanted.exp()
        loss = self.temperature**2 * (share * (wanted - found)).sum()
        return loss, self.temperature * (found.exp_() - share)


class _TableLoss(torch.autograd.Function):
    """Mean loss of query float[N, E] · table float[V, E] + bias float[V] against a goal."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, table: Tensor, bias: Tensor, goal: Goal) -> Tensor:
        ctx.dtype = query.dtype
        weights = table.to(query.dtype)
        to_query = torch.empty_like(query)
        to_table = torch.zeros_like(table, dtype=torch.float32)
        to_bias = torch.zeros_like(bias, dtype=torch.float32)
        total = torch.zeros((), dtype=torch.float32, device=query.device)
        for begin in range(0, len(query), CHUNK):
            rows = slice(begin, begin + CHUNK)
            scores = (query[rows] @ weights.t()).float() + bias
            loss, gradient = goal.against(scores, rows)
            total += loss
            to_bias += gradient.sum(dim=0)
            gradient = gradient.to(query.dtype)
            to_query[rows] = gradient @ weights
            to_table += gradient.t() @ query[rows]
        count = max(1, len(query))
        ctx.save_for_backward(to_query / count, to_table / count, to_bias / count)
        return total / count

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor | None, ...]:
        to_query, to_table, to_bias = ctx.saved_tensors
        return to_query * upstream.to(ctx.dtype), to_table * upstream, to_bias * upstream, None


def table_loss(query: Tensor, table: Tensor, bias: Tensor, goal: Goal) -> Tensor:
    """The mean over rows of the goal's loss, a scalar; differentiable in the first three."""
    loss: Tensor = _TableLoss.apply(query, table, bias, goal)
    return loss
