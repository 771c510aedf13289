"""A vector is not flattened again."""

import numpy as np
import pytest
from graph_tester import GraphTester

from edgetext.targets.onnx.passes.drop_needless_reshapes import drop_needless_reshapes

GATHERED = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n, 2] x, int64[m] i) => (float[m] y) {
    vector = Reshape (x, flat)
    index = Reshape (i, flat)
    again = Reshape (index, flat)
    y = Gather (vector, again)
}"""
OUTPUT = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n] x) => (float[m] y) { y = Reshape (x, flat) }"""


def test_a_vector_is_not_flattened_again():
    graph = GraphTester.written(GATHERED, flat=np.array([-1]))
    graph.apply(drop_needless_reshapes).check(Reshape=1)
    graph.same(np.arange(6, dtype=np.float32).reshape(3, 2), np.array([4, 0]))


@pytest.mark.parametrize("flat", [[-1], [3]])
def test_a_graphs_output_is_still_made(flat):
    graph = GraphTester.written(OUTPUT, flat=np.array(flat))
    graph.apply(drop_needless_reshapes).check(Reshape=1).same(np.ones(3, np.float32))
