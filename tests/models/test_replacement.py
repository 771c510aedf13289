"""Layers replaced in the open."""

from torch import nn

from edgetext.models.replacement import is_leaf, put_module, replace_modules


def test_every_leaf_is_asked_for_by_its_dotted_name():
    net = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.ReLU(), nn.Linear(1, 1)))
    asked = []

    def change(name, module):
        asked.append(name)
        return nn.Identity() if isinstance(module, nn.Linear) else module

    replace_modules(net, change)
    assert asked == ["0", "1.0", "1.1"]
    assert [type(module).__name__ for module in net.modules() if is_leaf(module)] == [
        "Identity",
        "ReLU",
        "Identity",
    ]


def test_one_module_is_put_in_the_place_of_another():
    net = nn.Sequential(nn.Sequential(nn.ReLU()))
    put_module(net, "0.0", nn.Tanh())
    assert isinstance(net[0][0], nn.Tanh)
