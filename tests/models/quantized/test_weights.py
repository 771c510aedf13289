"""How weights become integers: which integers, which scales, and how far off."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from edgetext.models.quantized.int8 import Int8
from edgetext.models.quantized.weights import (
    pairs_fit,
    quantize_by_scale,
    quantize_pairs,
    quantize_rows,
)


def matrix(seed, rows=12, columns=16):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


def test_integers_and_scales_of_a_known_row():
    weight = torch.tensor([[1.27, -0.5, 0.004, 0.006], [-2.54, 2.54, 0.0, 1.0]])
    values, scale = quantize_rows(weight)
    assert values.dtype == torch.int8 and scale.dtype == torch.float32
    assert values.tolist() == [[127, -50, 0, 1], [-127, 127, 0, 50]]
    torch.testing.assert_close(scale, torch.tensor([0.01, 0.02]))


@given(st.integers(0, 1000), st.floats(1e-3, 1e3))
def test_no_weight_is_off_by_more_than_half_a_scale(seed, size):
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


@pytest.mark.parametrize("columns", [6, 7])
def test_two_neighbours_never_leave_16_bits(columns):
    weight = torch.randn(40, columns, generator=torch.Generator().manual_seed(1))
    weight[0] = 1.0
    values, scale = quantize_pairs(weight)
    even = nn.functional.pad(values.int(), (0, columns % 2))
    assert int(even.unflatten(1, (-1, 2)).sum(dim=2).abs().max()) * 255 < 2**15
    assert ((values * scale[:, None] - weight).abs() <= 0.5001 * scale[:, None]).all()


def test_neighbours_that_could_saturate_are_found():
    assert pairs_fit(torch.tensor([[127, -127, 1], [64, 64, 127]], dtype=torch.int8))
    assert not pairs_fit(torch.tensor([[64, 65, 0, 0]], dtype=torch.int8))
    weight = torch.randn(20, 7, generator=torch.Generator().manual_seed(1)) + 1
    assert pairs_fit(quantize_pairs(weight)[0]) and not pairs_fit(quantize_rows(weight)[0])


def test_one_scale_for_all_rows_cuts_what_lies_beyond():
    values, scale = quantize_by_scale(torch.tensor([[0.3, -0.04], [50.0, -50.0]]), 0.1)
    assert values.tolist() == [[3, 0], [127, -127]] and values.dtype == torch.int8
    torch.testing.assert_close(scale, torch.tensor([0.1, 0.1]))
