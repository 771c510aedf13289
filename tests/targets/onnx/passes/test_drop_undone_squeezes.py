"""A dimension that goes and comes back need not go."""

import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.targets.onnx.passes.drop_undone_squeezes import drop_undone_squeezes


class Rows(nn.Module):
    """Rows that lose the leading 1 and get it back, and one elsewhere."""

    def forward(self, x):
        doubled = (x * 2).squeeze(0)
        return doubled.unsqueeze(0), (x * 3).squeeze(0).unsqueeze(1)


class Kept(nn.Module):
    """What is read without its leading 1 as well."""

    def forward(self, x):
        doubled = (x * 2).squeeze(0)
        return doubled.unsqueeze(0), doubled.sum(0)


def test_only_what_is_undone_goes():
    x = torch.randn(1, 4, 3)
    graph = GraphTester.of(Rows(), x, dynamic=1).check(Squeeze=2, Unsqueeze=2)
    graph.apply(drop_undone_squeezes).check(Squeeze=1, Unsqueeze=1).same(x.numpy())


def test_what_others_read_stays():
    x = torch.randn(1, 4, 3)
    graph = GraphTester.of(Kept(), x, dynamic=1).apply(drop_undone_squeezes)
    graph.check(Squeeze=1, Unsqueeze=1).same(x.numpy())
