"""A loop ends after so many rounds, whatever its condition says."""

import numpy as np
from graph_tester import GraphTester
from onnx import numpy_helper

from edgetext.targets.onnx.passes.bound_loops import ROUNDS, bound_loops

ENDLESS = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n] the_input) => (float[n] the_output) {
    the_output = Loop (, yes, the_input) <body = steps (int64 step, bool goes, float[n] before)
    => (bool goes_on, float[n] after) {
        goes_on = Identity (goes)
        after = Add (before, one)
    }>
}"""


def test_a_loop_without_an_end_has_one():
    graph = GraphTester.written(ENDLESS, yes=np.array(True), one=np.float32(1))
    bound_loops(graph.model)
    assert graph.outputs(np.zeros(2, np.float32))[0].tolist() == [ROUNDS, ROUNDS]


def test_a_loop_that_has_one_keeps_it():
    counted = ENDLESS.replace("Loop (,", "Loop (count,")
    graph = GraphTester.written(counted, count=np.int64(3), yes=np.array(True), one=np.float32(1))
    bound_loops(graph.model)
    assert [numpy_helper.to_array(x).item() for x in graph.model.graph.initializer] == [3, True, 1]
    assert graph.outputs(np.zeros(1, np.float32))[0].tolist() == [3]
