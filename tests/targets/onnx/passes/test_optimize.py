"""ONNX Runtime's optimizer is run when a file is written."""

import numpy as np
from graph_tester import GraphTester

from edgetext.targets.onnx.passes.optimize import optimize

GRAPH = """<ir_version: 10, opset_import: ["" : 20, "ai.onnx.ml" : 4]>
g (float[n] x) => (float[n] y) {
    a = Identity (x)
    shape = Shape (a)
    same = Reshape (a, shape)
    sum = Add (one, two)
    y = Mul (same, sum)
}"""


def test_what_does_nothing_goes_and_constants_are_not_folded():
    constants = {"one": np.ones(1, np.float32), "two": np.full(1, 2, np.float32)}
    graph = GraphTester.written(GRAPH, **constants)
    graph.apply(optimize).check(Identity=0, Add=1).same(np.arange(4, dtype=np.float32))
    # It names every operator set that it knows.
    assert [entry.domain for entry in graph.model.opset_import] == [""]
