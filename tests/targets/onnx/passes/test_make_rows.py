"""Rows of one are made on the way."""

import numpy as np
import pytest
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.targets.onnx.passes.drop_needless_reshapes import drop_needless_reshapes
from edgetext.targets.onnx.passes.drop_transposed_indices import drop_transposed_indices
from edgetext.targets.onnx.passes.make_rows import make_rows
from edgetext.targets.onnx.passes.stack_by_turning import stack_by_turning

BEFORE = (drop_transposed_indices, drop_needless_reshapes, stack_by_turning)


class Rows(nn.Module):
    """Rows of one: numbers at places that are looked for, and columns; and a row that has to stay
    one of its own, because the same vector is asked for without it."""

    def forward(self, x):
        places = x.nonzero().reshape(-1)
        held = x.gather(0, places) & 7
        columns = torch.stack([x, 2 * x, 3 * x], dim=1).to(torch.int32)
        twice = x.gather(0, places - 1 + 1) & 3
        return held.unsqueeze(0), columns.unsqueeze(0), twice, twice.unsqueeze(0)


@pytest.fixture(scope="module")
def graph():
    graph = GraphTester.of(Rows(), torch.arange(4)).apply(*BEFORE)
    names = [tensor.name for tensor in graph.model.graph.output]
    graph.check(Unsqueeze=3, Gather=0).apply(make_rows)
    assert [tensor.name for tensor in graph.model.graph.output] == names
    return graph


def test_a_row_that_is_read_as_a_vector_stays(graph):
    graph.check(Unsqueeze=1, Gather=1)


@pytest.mark.parametrize("x", [[0, 9, 3, 0, 14], [5, 6], [0, 0]])
def test_rows_are_what_they_were(graph, x):
    graph.same(np.array(x))
