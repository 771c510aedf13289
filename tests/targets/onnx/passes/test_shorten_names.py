"""Short names change no answer."""

import numpy as np
from graph_tester import GraphTester
from looping import loop_that_adds

from edgetext.targets.onnx.passes.shorten_names import shorten_names

GRAPH = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n] the_input) => (float[n] the_output, float[n] the_sum) {
    a_long_name_in_between = Mul (the_input, the_constant)
    the_sum = Add (a_long_name_in_between, the_input)
    the_output = Clip (the_sum, , the_limit)
}"""


def test_short_names_change_no_answer():
    constants = {"the_constant": np.full(1, 2, np.float32), "the_limit": np.float32(5)}
    graph = GraphTester.written(GRAPH, **constants)
    graph.apply(shorten_names).same(np.arange(4, dtype=np.float32))
    inner = graph.model.graph
    assert [tensor.name for tensor in inner.output] == ["the_output", "the_sum"]
    assert [node.name for node in inner.node] == ["n0", "n1", "n2"]
    assert len(inner.node[0].output[0]) <= 2 and inner.node[2].input[1] == ""


def test_the_inside_of_a_loop_has_short_names_too():
    graph = loop_that_adds("read_within", "read_within = Mul (the_input, the_input)")
    graph.apply(shorten_names).same(np.arange(4, dtype=np.float32))
    body = graph.model.graph.node[1].attribute[0].g
    names = [value.name for value in (*body.input, *body.output)]
    names += [name for node in body.node for name in node.input]
    assert max(map(len, names)) <= 3
