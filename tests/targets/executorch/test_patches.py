"""What is changed in the exporter is there while a file is written, and gone behind it."""

import contextlib

import pytest
import torch
from torch import nn
from torch.export import Dim, ExportedProgram, default_decompositions, export
from torch.fx import symbolic_trace

from edgetext.model.model import Model


@pytest.fixture(scope="module")
def patches():
    # Not with this module, which every process of tests imports: the exporter takes seconds.
    from edgetext.targets.executorch import patches

    return patches


def changed(patches):
    """All that `patched` changes, as it is now."""
    calls = [which.call for which in patches.applying.NEEDED]
    weights = patches.Conv1dUnsqueezePass.unsqueeze_kernel_weights
    others = [weights, ExportedProgram.run_decompositions, ExportedProgram.validate]
    return [patches.node_visitor.hashlib, *others, *calls]


def test_all_is_put_back_even_behind_an_error(patches):
    before = changed(patches)
    with pytest.raises(ValueError, match="no file"), patches.patched():
        assert all(now is not then for now, then in zip(changed(patches), before, strict=True))
        raise ValueError("no file")
    assert all(now is then for now, then in zip(changed(patches), before, strict=True))


def test_constants_have_short_names_that_tell_them_apart(patches):
    with patches.patched():
        names = [
            patches.node_visitor.hashlib.sha256(data).hexdigest() for data in (b"a", b"b", b"a")
        ]
    assert {len(name) for name in names} == {patches.KEY_DIGITS}
    assert names[0] == names[2] != names[1]


def test_a_pass_that_finds_nothing_of_its_own_leaves_the_graph_alone(patches):
    graph = symbolic_trace(nn.Sequential(nn.ReLU()))
    with patches.patched():
        for which in patches.applying.NEEDED:
            result = which.call(None, graph)
            assert result.graph_module is graph and not result.modified


class Halved(nn.Module):
    def forward(self, x):
        return torch.rsub(x, 1) // 2


def test_a_program_is_decomposed_until_there_is_nothing_left_to_decompose(patches):
    shapes = ({0: Dim("n", min=1, max=9)},)
    program = export(Halved(), (torch.ones(3),), dynamic_shapes=shapes)
    table = default_decompositions()
    with patches.patched():
        functional = program.run_decompositions({})
        first = functional.run_decompositions(table)
        again = first.run_decompositions(table)
    # Nothing of it changes a tensor in place.
    assert functional is program and first is not functional and again is first
    operators = {str(node.target) for node in first.graph.nodes if node.op == "call_function"}
    assert not any("rsub" in name for name in operators)
    assert first.run_decompositions(table) is not first


class InPlace(nn.Module):
    def forward(self, x):
        return (x + 1).mul_(2)


def test_what_changes_a_tensor_in_place_is_written_without(patches):
    program = export(InPlace(), (torch.ones(3),))
    with patches.patched():
        functional = program.run_decompositions({})
    assert any("mul_" in str(node.target) for node in program.graph.nodes)
    assert not any("mul_" in str(node.target) for node in functional.graph.nodes)


SLOW = pytest.mark.parametrize("name", ["joint", "int8", "parse_int8", "lm"])


@pytest.mark.slow
@SLOW
def test_what_is_left_out_would_change_no_byte(name, request, patches, monkeypatch):
    from edgetext.targets.executorch.write import to_executorch

    model = Model.load(request.getfixturevalue(name))
    monkeypatch.setattr(patches, "drop_unused", lambda program: None)
    monkeypatch.setattr(patches, "respelled", lambda program, table: None)
    content = to_executorch(model, {})
    monkeypatch.setattr(patches.applying, "changes", list)
    monkeypatch.setattr(patches, "decompositions", lambda original: original)
    monkeypatch.setattr(patches.replaying, "changes", list)
    monkeypatch.setattr(patches, "traced_fast", contextlib.nullcontext)
    assert to_executorch(Model.load(model.source), {}) == content


@pytest.mark.slow
@SLOW
def test_nodes_that_are_respelled_run_as_those_that_are_traced(name, request, patches, monkeypatch):
    from edgetext.targets.executorch import kept
    from edgetext.targets.executorch.program import instructions
    from edgetext.targets.executorch.write import to_executorch

    model = Model.load(request.getfixturevalue(name))
    respelled = patches.respelled
    spelled = []

    def noted(program, table):
        spelled.append(respelled(program, table))
        return spelled[-1]

    monkeypatch.setattr(kept, "programs", {})
    monkeypatch.setattr(patches, "respelled", noted)
    content = to_executorch(model, {})
    assert len(spelled) == 2 and None not in spelled
    monkeypatch.setattr(kept, "programs", {})
    monkeypatch.setattr(patches, "respelled", lambda program, table: None)
    traced = to_executorch(Model.load(model.source), {})
    assert len(content) <= len(traced)
    for method in ("tokenize", "forward"):
        ours, theirs = instructions(content, method), instructions(traced, method)
        assert [each.name for each in ours] == [each.name for each in theirs]
