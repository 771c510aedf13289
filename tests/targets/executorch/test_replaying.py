"""A pass gives a node the result that it had where that is what it would compute."""

import pytest
import torch
from torch import nn
from torch.export import Dim, export

from edgetext.targets.patching import replaced


@pytest.fixture(scope="module")
def replaying():
    # Not with this module, which every process of tests imports: the exporter takes seconds.
    from edgetext.targets.executorch import replaying

    return replaying


class Chosen(nn.Module):
    """Sizes of an input, and one that its numbers tell."""

    def forward(self, x):
        rows = x.nonzero()
        torch._check(rows.shape[0] >= 1)
        return torch.relu(x) * 2, rows + 1


@pytest.fixture
def program():
    program = export(Chosen(), (torch.ones(3),), dynamic_shapes=({0: Dim("n", min=2, max=9)},))
    return program.run_decompositions({})


def passed(replaying, graph):
    """What each operator is computed from in a pass, and the graph that it makes."""
    from executorch.exir.pass_base import ExportPass

    computed = []
    run = torch.fx.Interpreter.call_function

    def call_function(self, target, args, kwargs):
        computed.append(str(target))
        return run(self, target, args, kwargs)

    changes = [*replaying.changes(), (torch.fx.Interpreter, "call_function", call_function)]
    with replaced(changes):
        return computed, ExportPass()(graph).graph_module


def named(graph, name):
    (node,) = (node for node in graph.graph.nodes if name in str(node.target))
    return node


def test_only_what_the_numbers_tell_is_computed_anew(replaying, program):
    replaying.note_inputs(program)
    computed, after = passed(replaying, program.graph_module)
    assert "aten.nonzero.default" in computed and "aten.add.Tensor" in computed
    assert "aten.relu.default" not in computed and "aten.mul.Tensor" not in computed
    before = named(program.graph_module, "relu").meta["val"]
    assert named(after, "relu").meta["val"] is before
    assert str(named(after, "mul").meta["val"].shape) == str(before.shape)


def test_without_a_note_all_is_computed_once(replaying, program):
    computed, after = passed(replaying, program.graph_module)
    assert "aten.relu.default" in computed
    again, _ = passed(replaying, after)
    assert "aten.relu.default" not in again


def test_what_was_changed_in_place_is_computed_anew(replaying, program):
    replaying.note_inputs(program)
    graph = program.graph_module
    named(graph, "relu").target = torch.ops.aten.isnan.default
    computed, after = passed(replaying, graph)
    assert "aten.isnan.default" in computed and "aten.mul.Tensor" in computed
    assert named(after, "isnan").meta["val"].dtype == torch.bool
    assert named(after, "mul").meta["val"].dtype == torch.int64


def test_inputs_are_the_same_by_what_a_result_is_told_from(replaying):
    one = torch.ones(2)
    assert replaying.same((one, [1, "a"], {"dim": 2.0}), (one, [1, "a"], {"dim": 2.0}))
    assert not replaying.same((1,), (1.0,))
    assert not replaying.same((True,), (1,))
    assert not replaying.same((one,), (torch.ones(2),))
    assert not replaying.same({"dim": 1}, {"dtype": 1})
