"""What is lowered once is used again for the same content, and for no other."""

import numpy as np
import pytest
import torch
from torch import nn


@pytest.fixture
def kept(monkeypatch):
    # Not with this module, which every process of tests imports: the exporter takes seconds.
    from edgetext.targets.executorch import kept

    monkeypatch.setattr(kept, "programs", {})
    return kept


class Shifted(nn.Module):
    def __init__(self, by, name="a"):
        super().__init__()
        self.register_buffer("by", torch.tensor(by))
        self.settings = {"name": name, "table": np.arange(3)}


class Other(Shifted):
    pass


def test_the_same_content_is_lowered_once(kept):
    asked = []

    def lower(module, settings=1):
        return kept.lowered_once(module, settings, lambda: asked.append(module) or [len(asked)])

    first = lower(Shifted(2.0))
    assert lower(Shifted(2.0)) == first == [1]
    first.append("changed")
    assert lower(Shifted(2.0)) == [1]
    others = [Shifted(3.0), Shifted(2), Shifted([2.0]), Shifted(2.0, "b"), Other(2.0)]
    assert [lower(module) for module in others] == [[2], [3], [4], [5], [6]]
    assert lower(Shifted(2.0), 2) == [7]


def test_only_the_last_are_kept(kept):
    for number in range(kept.KEPT + 3):
        kept.lowered_once(Shifted(number), 1, dict)
    assert len(kept.programs) == kept.KEPT


def test_a_tensor_counts_by_its_numbers(kept):
    table = torch.arange(6).reshape(2, 3)
    assert kept.digest(table) == kept.digest(table.clone()) == kept.digest(table.t().clone().t())
    assert kept.digest(table) != kept.digest(table.t())
    assert kept.digest(table) != kept.digest(table.to(torch.int32))
