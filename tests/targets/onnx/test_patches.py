"""What is changed in torch's exporter while a graph is written changes nothing of it but names."""

import contextlib

import onnx
import pytest
import torch
from onnxscript import rewriter
from torch import nn

from edgetext.model.model import Model
from edgetext.targets.onnx import write
from edgetext.targets.onnx.patches import (
    Promotion,
    Registry,
    RewriteRule,
    last_operator,
    patched,
    registry,
    steps,
)
from edgetext.targets.onnx.write import export_graph, to_onnx


class Mixed(nn.Module):
    """Integers with fractions, numbers with tensors, and as many rows as there are non-zeros."""

    def forward(self, x):
        halves = torch.where(x > 2, x * 0.5, 1) + x
        return halves, x.nonzero() * 2.5, (x[:1] + 1) / x.shape[0], x.sum() > 0.5


def changed():
    return [
        vars(Registry)["from_torchlib"],
        vars(Promotion)["run_node"],
        steps.decompose_with_registry,
        RewriteRule.try_rewrite,
    ]


def told(graph):
    """What a graph computes: its nodes and constants, values called by their turn."""
    turns = {}

    def turn(name):
        return turns.setdefault(name, len(turns))

    nodes = [
        (
            node.op_type,
            node.domain,
            [turn(name) for name in node.input],
            [turn(name) for name in node.output],
            sorted(attribute.SerializeToString() for attribute in node.attribute),
        )
        for node in graph.node
    ]
    tensors = {
        turn(tensor.name): (
            tensor.data_type,
            *tensor.dims,
            onnx.numpy_helper.to_array(tensor).tobytes(),
        )
        for tensor in graph.initializer
    }
    return (
        nodes,
        tensors,
        [
            (turn(value.name), value.name, value.type.tensor_type.elem_type)
            for value in graph.output
        ],
    )


def test_all_is_put_back_even_behind_an_error():
    before = changed()
    with pytest.raises(ValueError, match="no file"), patched():
        assert all(now is not then for now, then in zip(changed(), before, strict=True))
        raise ValueError("no file")
    assert all(now is then for now, then in zip(changed(), before, strict=True))


def test_types_are_promoted_as_before(monkeypatch):
    inputs = {"x": (torch.tensor([0, 3, 1]), {0: torch.export.Dim("n", min=1)})}
    graph = export_graph(Mixed(), inputs, "abcd").graph
    assert {"Cast", "CastLike"} & {node.op_type for node in graph.node}
    monkeypatch.setattr(write, "patched", contextlib.nullcontext)
    assert told(graph) == told(export_graph(Mixed(), inputs, "abcd").graph)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["joint", "int8", "tag", "multi", "parse", "lm"])
def test_a_model_is_written_as_before(name, request, monkeypatch):
    model = Model.load(request.getfixturevalue(name))
    content = onnx.load_from_string(to_onnx(model, {}))
    monkeypatch.setattr(write, "patched", contextlib.nullcontext)
    assert told(content.graph) == told(onnx.load_from_string(to_onnx(model, {})).graph)


def test_a_rule_is_tried_behind_its_last_operator():
    last = {last_operator(rule) for rule in rewriter._DEFAULT_REWRITE_RULES}
    assert {"Reshape", "Cast", "Slice", None} <= last and len(last) > 10


def test_the_registry_is_that_of_torch():
    # Made anew: operators that were registered since are in the other one alone.
    ours, theirs = registry.__wrapped__(), Registry.from_torchlib()
    assert ours is not theirs and ours.functions.keys() == theirs.functions.keys()
    for target, metas in theirs.functions.items():
        assert [meta.onnx_function for meta in ours.functions[target]] == [
            meta.onnx_function for meta in metas
        ]
