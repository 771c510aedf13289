"""Rows of a table become an image without an operator of their own."""

import torch
from graph_tester import GraphTester
from torch import nn
from torch.nn.functional import embedding

from edgetext.targets.onnx.passes.gather_within import gather_within


class Image(nn.Module):
    """The rows of numbers as an image; twice: whether the table is also read as it is."""

    def __init__(self, twice):
        super().__init__()
        self.twice = twice
        self.register_buffer("table", torch.randn(5, 3))

    def forward(self, x):
        image = embedding(x.unsqueeze(0), self.table)
        return (image, embedding(x + 1, self.table)) if self.twice else image


def test_numbers_need_no_dimension_more():
    x = torch.tensor([[0, 3, 1, 2]])
    graph = GraphTester.of(Image(False), x, dynamic=1).check(Unsqueeze=1)
    graph.apply(gather_within).check(Unsqueeze=0, Gather=1).same(x.numpy())


def test_a_table_that_is_read_twice_stays():
    x = torch.tensor([[0, 3, 1, 2]])
    graph = GraphTester.of(Image(True), x, dynamic=1).apply(gather_within)
    graph.check(Unsqueeze=1).same(x.numpy())
