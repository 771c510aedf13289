"""Operators that ONNX has not are written as torch's decomposition writes them, or left to it."""

import pytest
import torch
from torch import nn

from edgetext.targets.onnx.decomposing import SPELLINGS, respell
from edgetext.targets.onnx.patches import decomposition_table, registry

TABLE = decomposition_table(registry())


class Spelled(nn.Module):
    """One node of each that is written in another way, by a model that does not train."""

    def forward(self, x):
        halves = nn.functional.dropout(x * 0.5, 0.3, training=False)
        flags = (x.to(torch.int64) & 3).to(torch.int64)
        one, other = x.to(x.device, torch.float64).chunk(2, dim=1)
        near = (one > 0) & (one < 2) | (other.mean() > 9)
        return (2 - halves).reshape(-1), flags, one, other, near


class Composed(nn.Module):
    def forward(self, x):
        return torch.hypot(x, x)


class Written(nn.Module):
    def forward(self, x):
        return x.clone().add_(1)


def exported(module):
    x = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    return torch.export.export(module.eval(), (x,), dynamic_shapes=({0: torch.export.Dim("n")},))


def operators(program):
    return [node.target for node in program.graph.nodes if node.op == "call_function"]


def test_each_node_is_spelled_as_the_decomposition_spells_it():
    program = exported(Spelled())
    assert set(operators(program)) >= set(SPELLINGS)
    traced = program.run_decompositions(TABLE)
    assert respell(program, TABLE)
    # The decomposition leaves a conversion to the same type out, which here is a copy.
    kept = operators(program)
    kept.reverse()
    kept.remove(torch.ops.aten.clone.default)
    kept.reverse()
    assert kept == operators(traced)
    x = torch.randn(7, 3)
    for ours, theirs in zip(program.module()(x), traced.module()(x), strict=True):
        assert ours.dtype == theirs.dtype and torch.equal(ours, theirs)


@pytest.mark.parametrize("module", [Composed(), Written()])
def test_what_one_node_does_not_write_stays_as_it_was(module):
    program = exported(module)
    before = str(program.graph)
    assert not respell(program, TABLE)
    assert str(program.graph) == before
