"""A graph that is traced in less time runs, reads and prints as any other."""

import copy

import torch
from torch import nn
from torch.fx import GraphModule, symbolic_trace, traceback

from edgetext.targets.tracing import traced_fast


class Doubled(nn.Module):
    def forward(self, x):
        return torch.add(x, x)


def changed():
    ours = vars(GraphModule)
    return ours["recompile"], ours["code"], ours["__str__"], traceback.copy


def test_what_is_changed_comes_back():
    before = changed()
    with traced_fast():
        assert all(now is not then for now, then in zip(changed(), before, strict=True))
    assert all(now is then for now, then in zip(changed(), before, strict=True))


def test_a_changed_graph_is_compiled_when_it_is_called():
    with traced_fast():
        graph = symbolic_trace(Doubled())
        (added,) = (node for node in graph.graph.nodes if node.op == "call_function")
        assert "_code" not in vars(graph)
        assert graph(torch.ones(1)).tolist() == [2]
        added.target = torch.sub
        graph.recompile()
        assert graph(torch.ones(1)).tolist() == [0]
        added.target = torch.mul
        graph.recompile()
        copied = copy.deepcopy(graph)
    # Behind the block, too.
    assert graph(torch.full((1,), 3.0)).tolist() == copied(torch.full((1,), 3.0)).tolist() == [9]


def test_a_changed_graph_is_read_as_it_is():
    with traced_fast():
        graph = symbolic_trace(Doubled())
        assert "torch.add(x, x)" in graph.code
        (added,) = (node for node in graph.graph.nodes if node.op == "call_function")
        added.target = torch.sub
        graph.recompile()
        assert "torch.sub(x, x)" in graph.code
        # Its text, that of a log, is not worth the time while files are written.
        assert "sub" not in str(graph)
    assert "torch.sub(x, x)" in str(graph)
