"""The schemes in one registry: what each gives, from a float32 layer to a checkpoint's tensors."""

import pytest
import torch
from torch import nn

from edgetext.core.errors import EdgetextError
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.layer import schemes_of
from edgetext.models.quantized.scheme import (
    SMALL,
    becomes_integers,
    recognized,
    scheme_class,
)
from edgetext.models.quantized.static import Static, StaticScales
from edgetext.registry import names

SCALES = StaticScales(3, 0.05, 128, 0.1, reads_table=True)
BUILT_IN = ["int4", "int8", "static"]


def scheme(name):
    return Static(SCALES) if name == "static" else scheme_class(name)()


def layers(name):
    torch.manual_seed(1)
    linear = nn.Linear(48, 64)
    return [linear] if name == "static" else [linear, TokenEmbedding(50, 15)]


def test_the_registry_knows_them():
    assert set(BUILT_IN) <= set(names("scheme"))
    with pytest.raises(EdgetextError, match="int16 is not a type of scheme; did you mean int"):
        scheme_class("int16")


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_stored_layer_comes_back_and_is_recognized_by_its_tensors(name):
    for layer in layers(name):
        quantized = scheme(name).of(layer)
        tensors = {f"a.b.{key}": tensor for key, tensor in quantized.state_dict().items()}
        assert recognized(tensors) == {"a.b": name}
        loaded = scheme_class(name).stored(tensors, "a.b", layer)
        assert torch.equal(loaded.dequantized(), quantized.dequantized())
        assert schemes_of(nn.Sequential(loaded)) == {"0": name}


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_missing_tensor_is_a_key_error(name):
    with pytest.raises(KeyError):
        scheme_class(name).stored({}, "a.b", nn.Linear(48, 64))


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_fake_form_answers_as_the_integers_with_the_layers_own_parameters(name):
    for layer in layers(name):
        fake, quantized = scheme(name).fake(layer), scheme(name).of(layer)
        assert dict(fake.named_parameters()).keys() == dict(layer.named_parameters()).keys()
        assert fake.weight is layer.weight
        if name == "static":
            x = torch.randn(2, 5, 16)
            answers = [form.convolve(x, 3, None, False) for form in (fake, quantized)]
        else:
            x = torch.tensor([[3, 7]]) if isinstance(layer, TokenEmbedding) else torch.randn(5, 48)
            answers = [fake(x), quantized(x)]
        torch.testing.assert_close(*answers, atol=1e-5, rtol=1e-5)
        answers[0].sum().backward()
        assert layer.weight.grad.abs().sum() > 0


def test_a_layer_of_another_kind_is_a_key_error():
    tensors = {"a.packed": torch.zeros(1, dtype=torch.uint8), "a.scale": torch.ones(1)}
    with pytest.raises(KeyError):
        scheme_class("int4").stored(tensors, "a", nn.LayerNorm(4))


def test_what_is_small_stays_float32():
    assert becomes_integers(nn.Linear(SMALL, 1)) and not becomes_integers(nn.Linear(SMALL - 1, 1))
    assert becomes_integers(TokenEmbedding(2, 2)) and not becomes_integers(nn.LayerNorm(4096))


def test_tensors_of_float32_layers_are_of_no_scheme():
    assert recognized(nn.Linear(4, 4).state_dict(prefix="x.")) == {}
