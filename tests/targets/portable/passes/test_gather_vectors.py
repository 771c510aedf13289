"""GatherElements become a Gather, with the same numbers."""

import numpy as np
from graph_tester import GraphTester

from edgetext.targets.portable.passes.gather_vectors import gather_vectors

VECTOR = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n] x, int64[m] places) => (float[m] y) { y = GatherElements <axis = 0> (x, places) }"""
ROWS = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n, 3] x, int64[m, 3] places) => (float[m, 3] y) {
    y = GatherElements <axis = 0> (x, places)
}"""
COLUMNS = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n, 3] x, int64[n, 2] places) => (float[n, 2] y) {
    y = GatherElements <axis = 1> (x, places)
}"""
UNKNOWN = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n, k] x, int64[m, k] places) => (float[m, k] y) {
    y = GatherElements <axis = 0> (x, places)
}"""
NUMBERS = np.arange(12, dtype=np.float32) * np.float32(1.5)


def test_of_a_vector():
    graph = GraphTester.written(VECTOR).apply(gather_vectors).check(GatherElements=0, Gather=1)
    assert len(graph.model.graph.node) == 1
    graph.same(NUMBERS, np.array([11, 0, 0, 5])).same(NUMBERS, np.zeros(0, np.int64))
    # More than the reference evaluator takes of the other operator.
    graph.same(NUMBERS, np.arange(100) % 12)


def test_of_rows():
    graph = GraphTester.written(ROWS).apply(gather_vectors).check(GatherElements=0, Gather=1)
    rows = NUMBERS.reshape(4, 3)
    graph.same(rows, np.array([[3, 0, 2], [1, 1, 1]]))
    graph.same(rows[:1], np.zeros((5, 3), np.int64)).same(rows, np.zeros((0, 3), np.int64))


def test_other_axes_and_unknown_widths_stay():
    rows = NUMBERS.reshape(4, 3)
    columns = np.array([[2, 0], [1, 1], [0, 2], [2, 2]])
    GraphTester.written(COLUMNS).apply(gather_vectors).check(GatherElements=1).same(rows, columns)
    unknown = GraphTester.written(UNKNOWN).apply(gather_vectors).check(GatherElements=1)
    unknown.same(rows, np.array([[3, 0, 2]]))
