"""Rewrites of exported graphs change no answer."""

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

from edgetext.export.onnx import export_graph, optimized
from edgetext.export.onnx_rewrites import shorten_names


class Positions(nn.Module):
    """Where a vector is not zero, and where a matrix is not."""

    def forward(self, x):
        flat = x.reshape(-1).nonzero().reshape(-1)
        return flat, x.nonzero(), x.nonzero().reshape(-1)


def run(model, x):
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"x": x})


def test_indices_stay_what_they_were():
    shape = {0: torch.export.Dim("n", min=2)}
    model = export_graph(Positions(), {"x": (torch.ones(4, 3, dtype=torch.int64), shape)})
    x = np.array([[0, 2, 0], [3, 0, 4]])
    rows = np.array([[0, 1], [1, 0], [1, 2]])
    for made in (model, optimized(model)):
        flat, pairs, joined = run(made, x)
        assert flat.tolist() == [1, 3, 5]
        assert pairs.tolist() == rows.tolist()
        assert joined.tolist() == rows.reshape(-1).tolist()
    onnx.checker.check_model(optimized(model))
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Transpose") < kinds.count("NonZero")


def test_short_names_change_no_answer():
    shape = {0: torch.export.Dim("n", min=2)}
    inputs = {"x": (torch.ones(4, 3, dtype=torch.int64), shape)}
    model = export_graph(Positions(), inputs, ["flat", "pairs", "joined"])
    x = np.array([[0, 2, 0], [3, 0, 4]])
    before, size = run(model, x), model.ByteSize()
    shorten_names(model)
    assert [tensor.name for tensor in model.graph.output] == ["flat", "pairs", "joined"]
    assert all(map(np.array_equal, before, run(model, x)))
    assert model.ByteSize() < size


class Picked(nn.Module):
    """Rows by indices, which torch's exporter flattens first."""

    def forward(self, x):
        index = x.reshape(-1).nonzero().reshape(-1)
        return x.reshape(-1).index_select(0, index)


def test_a_vector_is_not_flattened_again():
    shape = {0: torch.export.Dim("n", min=2)}
    model = export_graph(Picked(), {"x": (torch.ones(4, 3, dtype=torch.int64), shape)})
    x = np.array([[0, 2, 0], [3, 0, 4]])
    assert run(model, x)[0].tolist() == [2, 3, 4]
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("Reshape") <= 3
