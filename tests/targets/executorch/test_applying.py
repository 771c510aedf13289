"""A pass is left out where it would change nothing, and there where it would."""

import pytest
import torch
from torch import nn
from torch.export import Dim, export

from edgetext.targets.patching import replaced


@pytest.fixture(scope="module")
def applying():
    from edgetext.targets.executorch import applying

    return applying


class Plain(nn.Module):
    def forward(self, x):
        return torch.relu(x) + x


class Number(nn.Module):
    def forward(self, x):
        return x + 1


class Size(nn.Module):
    def forward(self, x):
        return x + x.shape[0]


class Types(nn.Module):
    def forward(self, x):
        return x + (x > 0)


class View(nn.Module):
    def forward(self, x):
        return x.view(-1, 1)


class Turned(nn.Module):
    def forward(self, x):
        return torch.sum(x.permute(1, 0), [0])


CASES = {
    "ScalarToTensorPass": Number,
    "SymToTensorPass": Size,
    "RemoveMixedTypeOperators": Types,
    "ReplaceBrokenOpsWithFunctionalOpsPass": View,
}


def exported(module):
    n = Dim("n", min=2, max=9)
    shapes = ({0: n},)
    return export(module, (torch.ones(3, 2),), dynamic_shapes=shapes).graph_module


@pytest.mark.parametrize("name", CASES)
def test_a_pass_runs_where_it_changes_a_node_alone(name, applying):
    (which,) = (each for each in applying.NEEDED if each.__name__ == name)
    with replaced(applying.changes()):
        plain = exported(Plain())
        assert which()(plain).graph_module is plain
        other = exported(CASES[name]())
        changed = which()(other).graph_module
    assert changed is not other
    again = which()(exported(CASES[name]())).graph_module
    assert [n.target for n in changed.graph.nodes] == [n.target for n in again.graph.nodes]


def test_a_sum_over_another_layout_is_prepared(applying):
    from executorch.exir import EdgeCompileConfig, to_edge

    legalize = applying.LegalizePortableDimOrderPass
    config = EdgeCompileConfig(_check_ir_validity=False)
    program = to_edge(export(Turned(), (torch.ones(2, 3),)), compile_config=config)
    graph = program.exported_program().graph_module
    with replaced(applying.changes()):
        assert legalize()(graph).graph_module is graph
    (summed,) = (n for n in graph.graph.nodes if "sum" in str(n.target))
    source = summed.args[0]
    # What lies in columns, as a view of another tensor does.
    with source.meta["val"].fake_mode:
        source.meta["val"] = torch.empty_strided((3, 2), (1, 3))
    assert applying.NEEDED[legalize](summed)


def test_the_pass_that_changes_nothing_hands_on_another_module_of_the_same_nodes(applying):
    graph = exported(Plain())
    with replaced(applying.changes()):
        after = applying.ExportPass()(graph).graph_module
    assert after is not graph
    assert [n.target for n in after.graph.nodes] == [n.target for n in graph.graph.nodes]
