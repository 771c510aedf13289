"""Integers of one step pass as they are."""

import numpy as np
import pytest
from graph_tester import GraphTester

from edgetext.targets.onnx.passes.keep_integers import keep_integers

BACK_AND_FORTH = """<ir_version: 10, opset_import: ["" : 20]>
g (uint8[n, 4] x) => (uint8[n, 4] y) {
    numbers = DequantizeLinear (x, scale, zero)
    again = QuantizeLinear (numbers, other_scale, zero)
    y = Max (again, again)
}"""
PRODUCT = """<ir_version: 10, opset_import: ["" : 20, "com.microsoft" : 1]>
g (uint8[n, 4] x) => (float[n, 2] y) {
    numbers = DequantizeLinear (x, scale, zero)
    y = com.microsoft.DynamicQuantizeMatMul (numbers, weight, weight_scale, weight_zero, bias)
}"""


@pytest.mark.parametrize(("other", "left"), [(0.5, 0), (0.25, 1)])
def test_numbers_of_the_same_step_are_not_made_again(other, left):
    graph = GraphTester.written(
        BACK_AND_FORTH,
        scale=np.float32(0.5),
        other_scale=np.float32(other),
        zero=np.uint8(3),
    )
    graph.apply(keep_integers).check(DequantizeLinear=left, QuantizeLinear=left)
    graph.same(np.array([[0, 3, 9, 1]], np.uint8))


def test_a_product_of_integers_looks_for_no_range():
    generator = np.random.default_rng(1)
    graph = GraphTester.written(
        PRODUCT,
        scale=np.float32(1 / 255),
        zero=np.uint8(0),
        weight=generator.integers(0, 256, (4, 2), np.uint8),
        weight_scale=np.array([0.1, 0.2], np.float32),
        weight_zero=np.array([128, 128], np.uint8),
        bias=np.array([1, -1], np.float32),
    )
    graph.apply(keep_integers)
    graph.check(MatMulIntegerToFloat=1, DynamicQuantizeMatMul=0, DequantizeLinear=0)
    # The whole range is used, so that the one that was looked for is the same.
    graph.same(np.array([[0, 255, 9, 100], [7, 3, 1, 0]], np.uint8), within=1e-4)
