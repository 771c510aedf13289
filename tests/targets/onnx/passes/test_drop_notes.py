"""Notes and shapes of inner tensors go, those of inputs and outputs stay."""

import numpy as np
from graph_tester import GraphTester
from looping import loop_that_adds

from edgetext.targets.onnx.passes.drop_notes import drop_notes

GRAPH = """<ir_version: 10, opset_import: ["" : 20]>
g (float[n] x) => (float[n] y) {
    a = Add (x, x)
    y = Mul (a, a)
}"""


def test_notes_go_and_the_graph_stays():
    graph = GraphTester.written(GRAPH)
    model, size = graph.model, graph.model.ByteSize()
    for notes in (model, model.graph.node[0], model.graph.output[0]):
        entry = notes.metadata_props.add()
        entry.key, entry.value = "where", "a line of Python"
    model.graph.node[1].doc_string = model.graph.input[0].doc_string = "why"
    graph.apply(drop_notes).same(np.ones(3, np.float32))
    assert not model.graph.value_info and b"why" not in model.SerializeToString()
    assert b"where" not in model.SerializeToString() and model.ByteSize() < size
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "n"


def test_notes_within_a_loop_go():
    graph = loop_that_adds("before")
    graph.model.graph.node[0].attribute[0].g.node[1].doc_string = "why"
    graph.apply(drop_notes).same(np.ones(3, np.float32))
    assert b"why" not in graph.model.SerializeToString()
