"""What is changed in torch's exporter while a graph is written changes no byte of it."""

import contextlib

import pytest
import torch
from torch import nn

from edgetext.model.model import Model
from edgetext.targets.onnx import write
from edgetext.targets.onnx.patches import Promotion, Registry, patched
from edgetext.targets.onnx.write import export_graph, to_onnx


class Mixed(nn.Module):
    """Integers with fractions, numbers with tensors, and as many rows as there are non-zeros."""

    def forward(self, x):
        halves = torch.where(x > 2, x * 0.5, 1) + x
        return halves, x.nonzero() * 2.5, (x[:1] + 1) / x.shape[0], x.sum() > 0.5


def changed():
    return [vars(Registry)["from_torchlib"], vars(Promotion)["run_node"]]


def test_all_is_put_back_even_behind_an_error():
    before = changed()
    with pytest.raises(ValueError, match="no file"), patched():
        assert all(now is not then for now, then in zip(changed(), before, strict=True))
        raise ValueError("no file")
    assert all(now is then for now, then in zip(changed(), before, strict=True))


def test_types_are_promoted_as_before(monkeypatch):
    inputs = {"x": (torch.tensor([0, 3, 1]), {0: torch.export.Dim("n", min=1)})}
    graph = export_graph(Mixed(), inputs)
    assert {"Cast", "CastLike"} & {node.op_type for node in graph.graph.node}
    monkeypatch.setattr(write, "patched", contextlib.nullcontext)
    nodes = export_graph(Mixed(), inputs).graph.node
    assert [n.SerializeToString() for n in graph.graph.node] == [
        n.SerializeToString() for n in nodes
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["joint", "int8", "tag", "multi", "parse", "lm"])
def test_a_model_is_written_as_before(name, request, monkeypatch):
    model = Model.load(request.getfixturevalue(name))
    content = to_onnx(model, {})
    monkeypatch.setattr(write, "patched", contextlib.nullcontext)
    assert to_onnx(model, {}) == content
