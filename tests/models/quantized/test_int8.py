"""int8 modules: which integers, which steps, and how far off."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.models.quantized.activations import round_activations
from edgetext.models.quantized.int8 import Int8, Int8Linear
from edgetext.models.quantized.weights import quantize_rows


def matrix(seed, rows=12, columns=16):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


def test_integers_and_steps_of_a_known_row():
    weight = torch.tensor([[1.27, -0.5, 0.004, 0.006], [-2.54, 2.54, 0.0, 1.0]])
    values, scale = quantize_rows(weight)
    assert values.dtype == torch.int8 and scale.dtype == torch.float32
    assert values.tolist() == [[127, -50, 0, 1], [-127, 127, 0, 50]]
    torch.testing.assert_close(scale, torch.tensor([0.01, 0.02]))


@given(st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_no_weight_is_off_by_more_than_half_a_step(seed, size):
    weight = matrix(seed) * size
    values, scale = quantize_rows(weight)
    assert int(values.min()) >= -127
    assert values.abs().amax(dim=1).eq(127).all()
    assert ((values * scale[:, None] - weight).abs() <= scale[:, None] * 0.5001).all()


def test_a_row_of_zeros_stays_zero():
    values, scale = quantize_rows(torch.zeros(2, 4))
    assert values.eq(0).all() and scale.gt(0).all()
    layer = nn.Linear(4, 2)
    nn.init.zeros_(layer.weight)
    x = torch.ones(3, 4)
    torch.testing.assert_close(Int8().of(layer)(x), layer(x))


@given(st.integers(0, 1000), st.sampled_from([(-1,), (0, 1)]))
def test_activations_have_256_steps_with_zero_among_them(seed, together):
    x = matrix(seed)
    x[0] = 0
    found = round_activations(x, together)
    width = x.amax(together, keepdim=True).clamp(min=0) - x.amin(together, keepdim=True).clamp(
        max=0
    )
    assert ((found - x).abs() <= width / 255 * 1.001 + 1e-6).all()
    assert found[0].eq(0).all()
    for row in found:
        assert len(row.unique()) <= 256


def test_activations_of_one_sign_and_of_nothing():
    assert round_activations(torch.zeros(2, 3)).eq(0).all()
    found = round_activations(torch.tensor([[10.0, 11.0, 12.0]]))
    torch.testing.assert_close(found, torch.tensor([[10.0, 11.0, 12.0]]), atol=0.03, rtol=0)


def test_each_rounding_is_near_the_float_layer():
    layer, x = nn.Linear(16, 12), matrix(1, rows=5).unsqueeze(0)
    rounded = Int8().of(layer)
    answers = {}
    for rounding in ("rows", "tensor", "none"):
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
