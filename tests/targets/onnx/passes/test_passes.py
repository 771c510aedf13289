"""The list of passes has each of them, and all together change no answer."""

import pkgutil

import numpy as np
import onnx
import torch
from graph_tester import GraphTester
from torch import nn

from edgetext.targets.onnx import passes
from edgetext.targets.onnx.passes import PASSES


class Found(nn.Module):
    """The numbers that are not zero, where they are, and how many, in one row."""

    def forward(self, x):
        places = x.reshape(-1).nonzero().reshape(-1)
        numbers = x.reshape(-1).index_select(0, places)
        order = torch.arange(places.shape[0])
        return torch.stack([order, places, numbers], dim=1).unsqueeze(0), x.nonzero()


def test_each_module_is_a_pass_of_its_name_in_the_list():
    modules = {module.name for module in pkgutil.iter_modules(passes.__path__)}
    assert {change.__name__ for change in PASSES} | {"drop_unused"} == modules


def test_all_passes_together_change_no_answer():
    graph = GraphTester.of(Found(), torch.ones(4, 3, dtype=torch.int64))
    before = len(graph.model.graph.node)
    graph.apply(*PASSES).same(np.array([[0, 2, 0], [3, 0, 4]])).same(np.zeros((1, 3), np.int64))
    onnx.checker.check_model(graph.model)
    assert len(graph.model.graph.node) < before
