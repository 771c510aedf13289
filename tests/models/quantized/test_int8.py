"""int8 layers: how near they are to the float32 ones."""

from typing import get_args

import torch
from torch import nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.activations import Rounding
from edgetext.models.quantized.int8 import LARGE, Int8, Int8Linear
from edgetext.models.quantized.weights import pairs_fit, quantize_rows


def matrix(seed, rows=12, columns=16):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


def test_each_rounding_is_near_the_float_layer():
    layer, x = nn.Linear(16, 12), matrix(1, rows=5).unsqueeze(0)
    rounded = Int8().of(layer)
    answers = {}
    for rounding in get_args(Rounding):
        rounded.rounding = rounding
        answers[rounding] = rounded(x)
        assert (answers[rounding] - layer(x)).abs().max() < 0.05
    assert not torch.equal(answers["rows"], answers["tensor"])


def test_one_range_for_the_whole_tensor_or_one_a_row():
    x = torch.tensor([[[100.0, 0.0], [0.1, 0.05]]])
    layer = Int8Linear(torch.tensor([[1, 1]], dtype=torch.int8), torch.ones(1), None)
    assert layer(x)[0, 1].item() > 0.14
    layer.rounding = "tensor"
    assert layer(x)[0, 1].item() == 0


def test_a_table_of_int8_rows_gives_float_rows():
    table = matrix(3)
    ids = torch.tensor([[0, 5, 5, 11]])
    embedding = TokenEmbedding(*table.shape)
    embedding.weight.data = table
    found = Int8().of(embedding)(ids)
    assert found.shape == (1, 4, 16) and found.dtype == torch.float32
    values, scale = quantize_rows(table)
    assert torch.equal(found, (values * scale[:, None])[ids])


def test_weights_of_a_large_layer_suit_kernels_of_signed_ones():
    small, large = nn.Linear(64, 64), nn.Linear(512, LARGE // 512)
    assert pairs_fit(Int8().of(large).weight)
    assert torch.equal(Int8().of(small).weight, quantize_rows(small.weight)[0])


def uneven_inputs(rows, columns):
    """Inputs of which one channel is far larger than the others, and whose smoothing evens them."""
    x = matrix(5, rows, columns)
    x[:, 3] *= 100
    return x, 1 / x.abs().amax(dim=0).sqrt()


def test_smoothing_brings_a_layer_of_uneven_inputs_nearer_to_the_float_one():
    x, smoothing = uneven_inputs(20, 16)
    layer = nn.Linear(16, 12)
    layer.weight.data[:, 3] /= 100
    exact = layer(x)
    errors = []
    for scheme in (Int8(), Int8(smoothing=smoothing)):
        rounded = scheme.of(layer)
        rounded.rounding = "tensor"
        errors.append(float((rounded(x) - exact).square().mean()))
    assert errors[1] < errors[0] / 4


def test_a_smoothed_layer_stands_for_the_weights_that_it_was_made_of():
    _, smoothing = uneven_inputs(20, 16)
    layer = nn.Linear(16, 12)
    smoothed = Int8(smoothing=smoothing).of(layer)
    assert (smoothed.dequantized() - layer.weight).abs().max() < 0.01
    stored = {f"layer.{name}": tensor for name, tensor in smoothed.state_dict().items()}
    again = Int8.stored(stored, "layer", layer)
    x = matrix(6, 5, 16)
    assert torch.equal(again(x), smoothed(x))


def test_inputs_of_a_layer_that_narrows_a_large_one_are_uneven():
    assert Int8().of(nn.Linear(1024, LARGE // 1024)).uneven
    assert not Int8().of(nn.Linear(LARGE // 1024, 1024)).uneven
    assert not Int8().of(nn.Linear(64, 32)).uneven
