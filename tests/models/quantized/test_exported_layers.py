"""What a target exports in the place of a layer, and where nothing is said."""

import pytest
import torch
from torch import nn

from edgetext.models import build_network
from edgetext.models.quantized.exported_layers import Place, exported_layer, lower_layers, lowers
from edgetext.models.quantized.int8 import Int8, Int8Linear
from edgetext.models.replacement import replace_modules

PLACE = Place("a")


class Plain(nn.Linear):
    """A layer that no target names."""


class Ours(Plain):
    """A layer that is lowered to one that is lowered."""


@lowers("test target", Plain)
def as_identity(layer, place):
    return nn.Identity()


@lowers("test target", nn.LayerNorm)
def as_plain(layer, place):
    return Plain(2, 2)


def test_a_layer_without_a_word_is_exported_itself():
    layer = nn.Linear(2, 2)
    assert exported_layer("test target", layer, PLACE) is layer
    assert exported_layer("another target", Plain(2, 2), PLACE).__class__ is Plain


def test_the_nearest_class_counts_and_what_it_gives_is_lowered_in_turn():
    assert isinstance(exported_layer("test target", Ours(2, 2), PLACE), nn.Identity)
    assert isinstance(exported_layer("test target", nn.LayerNorm(2), PLACE), nn.Identity)


@pytest.mark.parametrize("tied", [True, False])
def test_a_layer_hears_where_it_stands(tied):
    places = {}

    @lowers("noting target", nn.Module)
    def note(layer, place):
        places[place.name] = place
        return layer

    recipe = {
        "encoder": {"type": "cnn", "embedding": 32, "hidden": 32, "causal": True},
        "head": {"type": "lm"} if tied else {"type": "classify"},
    }
    network = build_network(recipe, 50, {"intent": ["a", "b"]})

    def quantize(name, layer):
        return Int8().of(layer) if name.startswith("encoder.layers") else layer

    replace_modules(network, quantize)
    with torch.no_grad():
        lower_layers(network, "noting target")
    assert isinstance(network.encoder.layers[0], Int8Linear)
    assert places["embedding"].shared is tied
    assert [place.name for place in places.values() if place.first] == ["encoder.layers.0"]
