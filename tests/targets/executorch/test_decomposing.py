"""Operators that ExecuTorch has not are written as torch's decomposition writes them, or left to
it."""

import pytest
import torch
from torch import nn
from torch.export import Dim, default_decompositions, export

aten = torch.ops.aten


@pytest.fixture(scope="module")
def decomposing():
    from edgetext.targets.executorch import decomposing

    return decomposing


class Spelled(nn.Module):
    """One node of each that is written in another way, by a model that does not train."""

    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(4)
        self.row, self.plane = nn.Conv1d(4, 3, 3, padding=1), nn.Conv2d(1, 2, (3, 1), bias=False)
        self.register_buffer("unread", torch.ones(2))

    def forward(self, x, ids):
        n = x.shape[0]
        turned = self.norm(nn.functional.dropout(x, 0.3, training=False)).transpose(0, 1)
        one, other = turned.chunk(2, dim=0)
        flat = turned.reshape(-1), x.reshape(-1), one.contiguous(), x.contiguous() * 2
        places = torch.arange(n) + torch.arange(1, n + 1)
        low = (ids & 3).to(torch.int64) + torch.zeros(1, dtype=torch.int64)
        near = (ids > 0) & (ids < 2) | (ids == 9)
        chosen = torch.where(near, ids, 7), torch.where(near, 0, ids)
        weights = torch.softmax(other, dim=-1)
        rows = self.row(nn.functional.pad(x, (0, 0, 1, 0)).t()[None])
        planes = self.plane(nn.functional.pad(x, (1, 1), value=2.0)[None, None])
        one_row = torch.matmul(x[:1], x.t()).squeeze(0).to(x.device, torch.float64)
        return (
            rows,
            planes,
            one_row,
            *flat,
            torch.stack([ids, places], 1),
            low,
            *chosen,
            weights,
            7 - ids,
            ids // 3,
            ids.to(torch.int32),
        )


class Composed(nn.Module):
    def forward(self, x):
        return nn.functional.silu(x.float())


class Mixed(nn.Module):
    """A number that makes another type of a tensor is more than one node."""

    def forward(self, x):
        return torch.where(x > 0, x, 0.5)


def program():
    # The same weights at each call.
    torch.manual_seed(0)
    n = Dim("n", min=4, max=9)
    given = torch.randn(5, 4), torch.arange(5)
    return export(Spelled().eval(), given, dynamic_shapes=({0: n}, {0: n}))


def operators(program):
    return [n.target for n in program.graph.nodes if n.op == "call_function"]


def test_each_node_is_spelled_as_the_decomposition_spells_it(decomposing):
    table = default_decompositions()
    before = program()
    missing = set(decomposing.SPELLINGS).difference(operators(before))
    assert missing <= {aten.__and__.Tensor, aten.__or__.Tensor}, missing
    spelled = decomposing.respelled(before, table)
    assert spelled is not None and spelled.dialect == "ATEN"
    traced = program().run_decompositions(table)
    ours, theirs = operators(spelled), operators(traced)
    arithmetic = {x for x in {*ours, *theirs} if not isinstance(x, torch._ops.OpOverload)}
    assert [x for x in ours if x not in arithmetic] == [x for x in theirs if x not in arithmetic]
    x, ids = torch.randn(7, 4), torch.arange(7)
    for one, other in zip(spelled.module()(x, ids), traced.module()(x, ids), strict=True):
        assert one.dtype == other.dtype and one.shape == other.shape and torch.equal(one, other)
    assert "unread" not in {spec.target for spec in spelled.graph_signature.input_specs}


@pytest.mark.parametrize("module", [Composed(), Mixed()])
def test_what_nodes_do_not_write_is_left_to_torch(module, decomposing):
    x = torch.arange(6).reshape(2, 3)
    whole = export(module, (x,))
    assert decomposing.respelled(whole, default_decompositions()) is None
    assert torch.equal(whole.module()(x), module(x))
