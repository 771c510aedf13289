"""Where in a network values are read and replaced."""

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.interpretation.states import States, layers_of
from edgetext.model.model import Model

IDS = torch.tensor([[2, 5, 6, 7]])


@pytest.fixture(scope="module")
def network(joint):
    return Model.load(joint).network


def test_what_is_put_in_is_what_comes_out(network):
    for layer in (None, *layers_of(network, IDS)):
        states = States(network, layer)
        values = states.at(IDS)
        assert values.shape[:3] == (1, 1, 4)
        with torch.no_grad():
            plain = network(IDS.expand(3, -1))
            with states.replaced(values.expand(3, -1, -1, -1)):
                again = network(IDS.expand(3, -1))
        for name, scores in plain.items():
            torch.testing.assert_close(again[name], scores)
        with torch.no_grad(), states.replaced(torch.zeros_like(values)):
            other = network(IDS)
        assert not torch.equal(other["intent"], plain["intent"][:1])
    # The hooks are gone.
    torch.testing.assert_close(network(IDS)["intent"], plain["intent"][:1])


def test_layers_that_there_are(network):
    names = layers_of(network, IDS)
    assert "encoder" in names and "encoder.layers.0" in names
    with pytest.raises(EdgetextError, match=r"no layer 'encoder.layer.0'; did you mean encoder.la"):
        States(network, "encoder.layer.0")
    with pytest.raises(EdgetextError, match=r"no layer 'zzzz'; there are encoder, .*layers\.0"):
        States(network, "zzzz")
    with pytest.raises(EdgetextError, match=r"these do: encoder.layers.0"):
        States(network, "head.intent").at(IDS)
