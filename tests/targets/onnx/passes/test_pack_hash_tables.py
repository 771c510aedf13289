"""A hash table is packed and answers as before."""

import numpy as np
import onnx
from graph_tester import GraphTester

from edgetext.targets.onnx.passes.pack_hash_tables import pack_hash_tables

GRAPH = """<ir_version: 10, opset_import: ["" : 20, "ai.onnx.ml" : 4]>
g (int64[n] x) => (int64[n] y) {{
    y = ai.onnx.ml.LabelEncoder <keys_int64s = {keys}, values_int64s = {values},
        default_int64 = 900> (x)
}}"""


def test_a_hash_table_is_packed_and_answers_as_before():
    keys = np.random.default_rng(1).integers(-(1 << 63), 1 << 62, 500)
    graph = GraphTester.written(GRAPH.format(keys=keys.tolist(), values=list(range(500))))
    size = graph.model.ByteSize()
    graph.apply(pack_hash_tables).same(np.array([keys[3], 5, keys[499], -1]))
    onnx.checker.check_model(graph.model)
    assert graph.model.ByteSize() < 0.75 * size
