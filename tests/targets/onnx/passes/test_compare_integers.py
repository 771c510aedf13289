"""The largest is looked for among integers."""

import numpy as np
from graph_tester import GraphTester

from edgetext.targets.onnx.passes.compare_integers import compare_integers

GRAPH = """<ir_version: 10, opset_import: ["" : 20]>
g (uint8[n, 4] x) => (float[n] y) {
    numbers = DequantizeLinear (x, scale, zero)
    y = ReduceMax <keepdims = 0> (numbers, axes)
}"""


def test_the_largest_is_looked_for_among_integers():
    constants = {"scale": np.float32(0.5), "zero": np.uint8(3), "axes": np.array([1])}
    graph = GraphTester.written(GRAPH, **constants).apply(compare_integers)
    assert [node.op_type for node in graph.model.graph.node] == ["ReduceMax", "DequantizeLinear"]
    graph.same(np.array([[0, 3, 9, 1], [255, 4, 3, 2]], np.uint8))
