"""Columns are put side by side by turning rows, where there are three of them or more."""

import numpy as np
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.targets.onnx.passes.stack_by_turning import stack_by_turning


class Columns(nn.Module):
    """Vectors side by side, and two that are few enough to stay as they are."""

    def forward(self, x):
        return torch.stack([x, 2 * x, 3 * x], dim=1), torch.stack([x, x + 1], dim=1)


def test_columns_are_put_side_by_side_by_turning_them():
    graph = GraphTester.of(Columns(), torch.arange(4))
    graph.check(Transpose=0, Unsqueeze=4).apply(stack_by_turning).check(Transpose=1, Unsqueeze=2)
    graph.same(np.arange(5))
