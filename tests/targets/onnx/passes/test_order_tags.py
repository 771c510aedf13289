"""Tags in the order of all begins, all insides and the outside give what they gave."""

import pytest
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.models.quantized.int8 import Int8Linear
from edgetext.models.quantized.weights import quantize_rows
from edgetext.targets.onnx.layers import OnnxInt8Linear, OnnxRowsLinear
from edgetext.targets.onnx.passes.order_tags import order_tags

TAGS = 9
# More than a tile of columns, and no whole tiles.
MANY_TAGS = 19


class Decoded(nn.Module):
    """What a decoder makes of a layer's tags; also: whether something else reads the scores."""

    def __init__(self, layer, also=False, tags=TAGS):
        super().__init__()
        self.layer = layer
        self.also = also
        self.register_buffer("kinds", torch.randn(tags, 3))
        self.register_buffer("first", torch.tensor([0, 2, 1]))

    def forward(self, x):
        scores = self.layer(x).index_select(1, self.first)
        chances = torch.softmax(scores, dim=-1)
        decoded = torch.matmul(chances, self.kinds), chances[..., 1::2] + chances[..., 2::2]
        return (*decoded, scores.sum(-1)) if self.also else decoded


def linear(kind=None, tags=TAGS):
    layer = nn.Linear(6, tags)
    if kind is None:
        return layer
    return kind(Int8Linear(*quantize_rows(layer.weight.detach()), layer.bias.detach()))


def graph(layer, also=False, tags=TAGS):
    return GraphTester.of(Decoded(layer, also, tags), torch.randn(1, 5, 6), dynamic=1)


@pytest.mark.parametrize("kind", [None, OnnxInt8Linear, OnnxRowsLinear])
def test_no_column_is_taken_by_steps(kind):
    ordered(graph(linear(kind)), slices=2)


def test_columns_that_a_layer_has_more_are_left_out_by_nothing():
    ordered(graph(linear(OnnxInt8Linear, MANY_TAGS), tags=MANY_TAGS), slices=3)


def ordered(tester, slices):
    """Let the pass take `slices` from a graph; what it gives stays."""
    inputs = [torch.randn(1, words, 6).numpy() for words in (3, 20)]
    before = [tester.outputs(x) for x in inputs]
    tester.expected = lambda x: next(
        y for given, y in zip(inputs, before, strict=True) if given is x
    )
    tester.check(Slice=slices).apply(order_tags).check(Slice=0, Split=1)
    for x in inputs:
        tester.same(x, within=1e-6)


def test_scores_that_others_read_stay():
    graph(linear(), also=True).apply(order_tags).check(Slice=2, Split=0)
