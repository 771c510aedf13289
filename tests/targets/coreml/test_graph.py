"""Programs in the words that coremltools knows: the same numbers."""

import pytest
import torch
from torch import nn
from torch.export import Dim

from edgetext.core.errors import EdgetextError
from edgetext.targets.coreml.graph import check_integers, respell

NUMBERS = torch.tensor([[-7, -1, 0, 5, 300, 2**30 + 3]], dtype=torch.int32)


def ends(x):
    return torch.stack([x.clamp(0, 5), x.clamp(max=6), x.clamp(min=-2)])


class Spelled(nn.Module):
    def forward(self, x):
        both = (x > 0) & (x < 300) | (x == -7)
        masked = (x & 255).clone()
        return torch.where(both, masked, 7), torch.where(both, 9, masked), x & 5, ends(x)


class Long(nn.Module):
    def forward(self, x):
        return x.long() * (2**33 + 5)


class Tabled(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("table", torch.tensor([2**40]))

    def forward(self, x):
        return x + self.table


def exported(module):
    shapes = ({1: Dim("n", min=2)},)
    program = torch.export.export(module, (NUMBERS,), dynamic_shapes=shapes)
    return program.run_decompositions({})


def test_a_respelled_program_gives_the_same_numbers():
    program = exported(Spelled())
    respell(program)
    for answer, expected in zip(program.module()(NUMBERS), Spelled()(NUMBERS), strict=True):
        assert torch.equal(answer, expected)
    names = {str(node.target) for node in program.graph.nodes}
    assert not names & {"aten.where.ScalarSelf", "aten.where.ScalarOther", "aten.clone.default"}
    assert not names & {"aten.__and__.Tensor", "aten.__or__.Tensor", "aten.clamp.default"}
    # Only 2^k - 1 is a remainder; coremltools refuses what is left.
    assert sum("Scalar" in name and "and" in name for name in names) == 1


@pytest.mark.parametrize(
    ("module", "number"), [(Long(), 2**33 + 5), (Tabled(), 2**40)], ids=["factor", "table"]
)
def test_integers_beyond_32_bits_are_refused(module, number):
    with pytest.raises(EdgetextError, match=f"m: .* computes with {number}"):
        check_integers(exported(module), "m")


def test_integers_of_32_bits_pass():
    check_integers(exported(Spelled()), "m")
