"""Lengths are counted by one operator."""

import numpy as np
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.targets.onnx.passes.count_without_shapes import count_without_shapes


class Counted(nn.Module):
    """How many numbers are not zero, and how many there are."""

    def forward(self, x):
        places = x.nonzero().reshape(-1)
        return torch.arange(places.shape[0]), torch.arange(x.shape[0])


def test_a_count_needs_no_shape():
    graph = GraphTester.of(Counted(), torch.arange(4))
    graph.check(Shape=2, Size=0).apply(count_without_shapes).check(Shape=0, Size=2)
    graph.same(np.array([0, 2, 0, 5, 7])).same(np.array([0]))


def test_a_length_as_a_vector_is_its_shape():
    text = """<ir_version: 10, opset_import: ["" : 20]>
    g (float[n, m] x) => (int64[k] y) {
        shape = Shape <start = 0, end = 1> (x)
        scalar = Squeeze (shape)
        vector = Expand (scalar, one)
        y = Add (vector, vector)
    }"""
    graph = GraphTester.written(text, one=np.array([1]))
    graph.apply(count_without_shapes).check(Squeeze=0, Expand=0, Shape=1)
    graph.same(np.ones((3, 2), np.float32))
