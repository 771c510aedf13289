"""Quantized layers between QuantizeLinear and DequantizeLinear answer as the checkpoint's."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.exported_layers import Place
from edgetext.models.quantized.int4 import Int4
from edgetext.models.quantized.int8 import Int8
from edgetext.models.quantized.static import Static, StaticScales
from edgetext.targets.onnx.write import export_graph
from edgetext.targets.portable.layers import (
    PortableTable,
    int4_linear,
    int8_embedding,
    int8_linear,
    static_convolution,
)
from edgetext.targets.portable.operators import others

PLACE = Place("layer")


class Convolve(nn.Module):
    """A convolution over a whole text."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer.convolve(x, 3, None, False)


class Scores(nn.Module):
    """A table's rows, and their products with all its rows."""

    def __init__(self, table):
        super().__init__()
        self.table = table

    def forward(self, ids):
        rows = self.table(ids)
        return rows, self.table.scores(rows, torch.zeros(9))


def rows(*shape):
    """float32 rows of very different sizes."""
    x = torch.randn(1, *shape, generator=torch.Generator().manual_seed(4))
    return x * torch.tensor([[100.0], [1], [0.01], [0], [1]])


def answered(module, x):
    """What a module's graph answers in ONNX Runtime, and the graph."""
    with torch.no_grad():
        model = export_graph(module.eval(), {"x": (x, {1: torch.export.Dim("n", min=1)})})
    options = onnxruntime.SessionOptions()
    # As a session of such a file has it: by itself ONNX Runtime rounds inputs once more.
    options.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "1")
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    assert others(model) == []
    return session.run(None, {"x": x.numpy()}), model


def weights(model):
    """The types of what DequantizeLinear reads."""
    kinds = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    nodes = [node for node in model.graph.node if node.op_type == "DequantizeLinear"]
    return {kinds[node.input[0]] for node in nodes if node.input[0] in kinds}


@pytest.mark.parametrize("smoothing", [None, torch.linspace(0.1, 2, 16)])
def test_an_int8_layer_rounds_each_row_by_itself(smoothing):
    layer = Int8(smoothing=smoothing).of(nn.Linear(16, 12))
    x = rows(5, 16)
    (answer,), model = answered(int8_linear(layer, PLACE), x)
    np.testing.assert_allclose(answer, layer(x).numpy(), rtol=1e-5, atol=1e-5)
    assert weights(model) == {onnx.TensorProto.INT8}


def test_an_int4_layer_is_stored_in_bytes():
    layer = Int4().of(nn.Linear(15, 12))
    x = rows(5, 15)
    (answer,), model = answered(int4_linear(layer, PLACE), x)
    np.testing.assert_allclose(answer, layer(x).numpy(), rtol=1e-5, atol=1e-5)
    assert weights(model) == {onnx.TensorProto.INT8}


def test_a_static_convolution_cuts_and_rounds_its_inputs_and_outputs():
    scales = StaticScales(3, 0.02, 120, 0.05, False)
    layer = Static(scales).of(nn.Linear(3 * 8, 12))
    x = rows(5, 8)
    (answer,), model = answered(Convolve(static_convolution(layer, PLACE)), x)
    expected = layer.convolve(x, 3, None, False).numpy()
    # A sum that lies between two integers may be rounded to either.
    assert np.abs(answer - expected).max() <= 0.05 + 1e-6
    assert (np.abs(answer - expected) > 1e-6).mean() < 0.05
    assert answer.min() == 0 and len(np.unique(answer)) > 5
    assert [node.op_type for node in model.graph.node].count("QuantizeLinear") == 2


def test_a_shared_table_gives_rows_and_scores():
    table = Int8().of(TokenEmbedding(9, 16))
    shared = int8_embedding(table, Place("table", shared=True))
    assert isinstance(shared, PortableTable)
    assert int8_embedding(table, PLACE) is table
    ids = torch.tensor([[0, 8, 3]])
    (vectors, scores), model = answered(Scores(shared), ids)
    np.testing.assert_allclose(vectors, table(ids).numpy(), rtol=1e-6)
    exact = table(ids) @ table.dequantized().T
    np.testing.assert_allclose(scores, exact.numpy(), atol=0.02 * float(exact.abs().max()))
    assert weights(model) == {onnx.TensorProto.INT8}
