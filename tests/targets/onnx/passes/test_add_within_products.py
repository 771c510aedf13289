"""Sums go into the products that have room for them."""

import numpy as np
import pytest
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.models.quantized.int8 import Int8
from edgetext.targets.onnx.layers import OnnxInt8Linear
from edgetext.targets.onnx.passes.add_within_products import add_within_products


class OfAText(nn.Module):
    """A layer over pieces that hears of the text, as the joint head's does."""

    def __init__(self, context, bias=True):
        super().__init__()
        self.piece = OnnxInt8Linear(Int8().of(nn.Linear(8, 6, bias=bias)))
        self.intent = nn.Linear(3, 6, bias=False)
        self.text = OnnxInt8Linear(Int8().of(nn.Linear(8, 6, bias=False))) if context else None

    def forward(self, x):
        text = self.intent(x[:, 0, :3])
        if self.text is not None:
            text = text + self.text(x.amax(dim=1))
        return self.piece(x) + text.unsqueeze(1)


@pytest.mark.parametrize("context", [True, False])
def test_sums_go_into_the_products(context):
    torch.manual_seed(1)
    graph = GraphTester.of(OfAText(context), torch.rand(1, 4, 8), dynamic=1)
    x = np.random.default_rng(1).random((1, 9, 8), np.float32)
    # Not what the module answers in eager PyTorch, which does not have these products.
    (before,) = graph.check(Add=1 + context, Unsqueeze=1).outputs(x)
    (after,) = graph.apply(add_within_products).check(Add=0, Unsqueeze=0).outputs(x)
    assert np.allclose(after, before, atol=1e-5)


def test_a_sum_that_no_product_has_room_for_stays():
    graph = GraphTester.of(OfAText(True, bias=False), torch.rand(1, 4, 8), dynamic=1)
    graph.apply(add_within_products).check(Add=1, Gemm=1)
