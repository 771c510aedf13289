"""What is written once and used again is the same, and what differs is not."""

import pytest
import torch
from torch import nn
from torch.export import Dim, export

from edgetext.targets.executorch.bindings import executorch_runtime


@pytest.fixture
def to_pte():
    # Not with this module, which every process of tests imports: the exporter takes seconds.
    from edgetext.targets.executorch.pte import to_pte

    return to_pte


class Shifted(nn.Module):
    def __init__(self, by):
        super().__init__()
        self.register_buffer("by", torch.tensor(by))

    def forward(self, x):
        return x + self.by


def program(by):
    shapes = ({0: Dim("n", min=1, max=9)},)
    return export(Shifted(by).eval(), (torch.ones(3),), dynamic_shapes=shapes)


def answer(content, method, x):
    program = executorch_runtime().Runtime.get().load_program(content)
    return program.load_method(method).execute([x])[0].tolist()


def test_a_method_is_lowered_once_and_the_bytes_are_those_of_the_first_time(to_pte):
    kept = {"version": torch.tensor([7])}
    first = to_pte({"shift": program(2.0)}, {"scale": program(3.0)}, kept)
    assert to_pte({"shift": program(2.0)}, {"scale": program(3.0)}, kept) == first
    assert answer(first, "shift", torch.ones(2)) == [3, 3]
    assert answer(first, "scale", torch.ones(1)) == [4]


def test_the_same_graph_with_another_constant_is_another_method(to_pte):
    to_pte({"shift": program(2.0)}, {}, {})
    assert answer(to_pte({"shift": program(5.0)}, {}, {}), "shift", torch.ones(1)) == [6]
