"""Quotients of integers are divided as integers."""

import numpy as np
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.targets.onnx.passes.divide_integers import divide_integers

X = torch.tensor([-82, -41, -7, -1, 0, 1, 3, 40, 41, 42, 2**20])


class Cut(nn.Module):
    """Quotients by one number and by each other, cut off as C has it."""

    def forward(self, x):
        by_each_other = torch.div(x.flip(0), x.abs() + 1, rounding_mode="trunc")
        by_three = torch.div(x, 3, rounding_mode="trunc")
        return by_each_other, by_three, torch.div(x + 1, 3, rounding_mode="trunc")


class OfHalves(nn.Module):
    def forward(self, x):
        return torch.div(x, 1.5, rounding_mode="trunc").to(torch.int64)


def test_quotients_are_those_of_integers_and_a_shared_divisor_stands_once():
    graph = GraphTester.of(Cut(), X).check(Div=3, Floor=3, Sign=3)
    graph.apply(divide_integers).check(Div=3, Floor=0, Sign=0, Cast=0)
    graph.same(X.numpy()).same(np.array([5, -9]))


def test_a_quotient_of_fractions_stays():
    graph = GraphTester.of(OfHalves(), X).apply(divide_integers)
    graph.check(Div=1, Floor=1).same(X.numpy())
