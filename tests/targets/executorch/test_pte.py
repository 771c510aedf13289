"""Methods and constants of a program answer as they were given."""

import pytest
import torch
from torch import nn
from torch.export import Dim, export

from edgetext.targets.executorch.bindings import executorch_runtime


@pytest.fixture
def pte():
    # Not with this module, which every process of tests imports: the exporter takes seconds.
    from edgetext.targets.executorch import pte

    return pte


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


def test_methods_and_constants_of_one_program(pte):
    lowered = pte.lower(program(2.0))
    content = pte.to_pte(
        {"shift": lowered}, {"scale": program(3.0)}, {"version": torch.tensor([7])}
    )
    assert answer(content, "shift", torch.ones(2)) == [3, 3]
    assert answer(content, "scale", torch.ones(1)) == [4]
    loaded = executorch_runtime().Runtime.get().load_program(content)
    assert loaded.load_method("version").execute([])[0].tolist() == [7]
