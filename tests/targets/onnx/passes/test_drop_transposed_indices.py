"""Indices of a vector need no transpose; those of a matrix do."""

import numpy as np
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.targets.onnx.passes.drop_transposed_indices import drop_transposed_indices


class Positions(nn.Module):
    """Where a vector is not zero, and where a matrix is not."""

    def forward(self, x):
        flat = x.reshape(-1).nonzero().reshape(-1)
        return flat, x.nonzero(), x.nonzero().reshape(-1)


def test_indices_stay_what_they_were():
    graph = GraphTester.of(Positions(), torch.ones(4, 3, dtype=torch.int64))
    kinds = [node.op_type for node in graph.model.graph.node]
    before = kinds.count("Transpose")
    graph.apply(drop_transposed_indices).check(Transpose=before - 1)
    graph.same(np.array([[0, 2, 0], [3, 0, 4]])).same(np.zeros((2, 3), np.int64))
