"""What TensorBoard shows of a network: its graph, and its table of pieces.

It stands apart because it needs PyTorch, and a recipe that names the monitor is read without.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from edgetext.core.quiet import quiet

# Pieces that the graph is traced with.
TRACED = 8


def table_of(network: nn.Module, size: int) -> Tensor | None:
    """Give the rows float[size, E] of the network's pieces; None where it has no such table."""
    embedding = getattr(network, "embedding", None)
    if not size or not isinstance(embedding, nn.Module):
        return None
    tables = [p.detach().cpu() for p in embedding.parameters() if p.ndim == 2]
    return next((table for table in tables if len(table) == size), None)


class _Flat(nn.Module):
    """A network whose scores come in a tuple, which is what a trace can hold."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor) -> tuple[Tensor, ...]:
        return tuple(self.network(ids).values())


def add_graph(writer: Any, network: nn.Module) -> None:
    """Draw the network as it reads a short text; nothing where it cannot be traced, as one that
    reads two texts or hashed words."""
    was_training = network.training
    device = next(network.parameters()).device
    try:
        with quiet(), torch.no_grad():
            ids = torch.ones((1, TRACED), dtype=torch.int64, device=device)
            writer.add_graph(_Flat(network).eval(), ids, use_strict_trace=False)
    except Exception:  # torch's tracer raises many kinds
        return
    finally:
        network.train(was_training)
