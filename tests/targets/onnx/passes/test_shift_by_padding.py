"""Windows and predecessors are shifted by padding alone."""

import numpy as np
import pytest
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.targets.onnx.passes.shift_by_padding import shift_by_padding


class Windows(nn.Module):
    """Three neighbours of each row; two of each pair of rows; of a vector each number's
    predecessor."""

    def forward(self, x):
        vector = x[0, :, 0].long()
        before = torch.cat([torch.tensor([7]), vector[:-1]])
        padded = nn.functional.pad(x, (0, 0, 1, 1))
        seen = torch.cat([padded[:, :-2], padded[:, 1:-1], padded[:, 2:]], dim=-1)
        other = torch.cat([padded[:, :-1], padded[:, 1:]], dim=-1)
        return seen, other, before


@pytest.fixture(scope="module")
def graph():
    return GraphTester.of(Windows(), torch.rand(1, 4, 3), dynamic=1).apply(shift_by_padding)


def test_each_window_is_one_pad(graph):
    # Two windows, the predecessor, and the padded sequence that is one longer than it was.
    graph.check(Pad=4)


@pytest.mark.parametrize("length", [1, 2, 5])
def test_windows_are_what_they_were(graph, length):
    x = np.arange(length * 3, dtype=np.float32).reshape(1, length, 3) + 1
    graph.same(x)
