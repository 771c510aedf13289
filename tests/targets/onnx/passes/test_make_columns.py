"""Columns are gathered as columns where nothing else reads them."""

import numpy as np
import pytest
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.targets.onnx.passes import PASSES
from edgetext.targets.onnx.passes.make_columns import make_columns

BEFORE = PASSES[: PASSES.index(make_columns)]


class Gathered(nn.Module):
    """Columns of what stands at places that are looked for, and the largest of rows there; shared:
    the places are asked for, too."""

    def __init__(self, shared):
        super().__init__()
        self.shared = shared

    def forward(self, x):
        place = x.nonzero().reshape(-1)
        rows = torch.stack([x, -x, x - 3], dim=1).float()
        largest = (rows.index_select(0, place) - rows.index_select(0, place - 1)).argmax(dim=-1)
        columns = torch.stack([largest, x.gather(0, place), x.gather(0, place - 1)], dim=1)
        return (columns.unsqueeze(0), place) if self.shared else (columns.unsqueeze(0),)


@pytest.mark.parametrize("shared", [False, True])
def test_columns_are_gathered_as_columns_where_nothing_else_reads_them(shared):
    graph = GraphTester.of(Gathered(shared), torch.arange(4)).apply(*BEFORE)
    # One of the two is of the rows that the module makes itself.
    graph.check(Transpose=2).apply(make_columns).check(Transpose=1 + shared)
    for x in ([0, 9, 3, 0, 14], [0, 6], [0, 0]):
        graph.same(np.array(x))
