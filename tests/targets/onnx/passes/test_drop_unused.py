"""What nothing reads goes, and what it read with it."""

import numpy as np
from graph_tester import GraphTester
from looping import loop_that_adds

from edgetext.targets.onnx.passes.drop_unused import drop_unused

GRAPH = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n] x) => (float[n] y) {
    a = Add (x, idle)
    b = Mul (a, a)
    y = Mul (x, scale)
}"""


def test_what_nothing_reads_goes():
    constants = {"idle": np.ones(1, np.float32), "scale": np.full(1, 2, np.float32)}
    graph = GraphTester.written(GRAPH, **constants)
    drop_unused(graph.model)
    graph.check(Add=0, Mul=1).same(np.ones(3, np.float32))
    assert [tensor.name for tensor in graph.model.graph.initializer] == ["scale"]


def test_what_the_inside_of_a_loop_reads_stays():
    scale = np.full(1, 2, np.float32)
    graph = loop_that_adds("within", "within = Mul (the_input, scale)", scale=scale)
    drop_unused(graph.model)
    graph.check(Mul=1, Loop=1).same(np.ones(3, np.float32))
