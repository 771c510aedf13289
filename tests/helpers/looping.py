"""A graph that takes a step a number, as the rounds of imported tokenizers do."""

import numpy as np
from graph_tester import GraphTester

GRAPH = """<ir_version: 10, opset_import: ["" : 20]>
g (int64[n] text) => (int64[n] y) {
    count = Size (text)
    y = Loop (count, , text) <body = steps (int64 step, bool goes, int64[n] before)
    => (bool goes_on, int64[n] after) {
        goes_on = Identity (goes)
        after = Add (before, one)
    }>
}"""


# `count` times, a constant; {first} stands before the loop.
FLOATS = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n] the_input) => (float[n] the_output) {{
    {first}
    the_output = Loop (count, , the_input) <body = steps (int64 step, bool goes, float[n] before)
    => (bool goes_on, float[n] after) {{
        goes_on = Identity (goes)
        after = Add (before, {added})
    }}>
}}"""


def loop_that_adds(added, first="", **constants):
    """A tester of a loop of three steps, each of which adds a tensor that `first` may make."""
    graph = FLOATS.format(added=added, first=first)
    return GraphTester.written(graph, count=np.int64(3), **constants)


def write_loop(path):
    graph = GraphTester.written(GRAPH, one=np.int64(1))
    path.write_bytes(graph.model.SerializeToString())
    return path
