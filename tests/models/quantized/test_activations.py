"""How activations are rounded: 256 values with zero among them, and fixed scales that cut."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from edgetext.models.quantized.activations import round_activations, round_inputs, round_to_scale


def matrix(seed, rows=12, columns=16):
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


@given(st.integers(0, 1000), st.sampled_from([(-1,), (0, 1)]))
def test_activations_have_256_values_with_zero_among_them(seed, together):
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


def test_scales_cut_what_lies_beyond_and_keep_zero():
    x = torch.tensor([-1.0, -0.3, 0.0, 0.04, 0.2, 9.0])
    scale, zero = torch.tensor([0.1]), torch.tensor([3], dtype=torch.uint8)
    found = round_to_scale(x, scale, zero)
    torch.testing.assert_close(found, torch.tensor([-0.3, -0.3, 0.0, 0.0, 0.2, 9.0]))
    low = round_to_scale(x, scale, torch.zeros(1, dtype=torch.uint8))
    torch.testing.assert_close(low, torch.tensor([0.0, 0.0, 0.0, 0.0, 0.2, 9.0]))


def test_inputs_are_rounded_by_row_by_tensor_or_not_at_all():
    x = matrix(1).unsqueeze(0)
    assert torch.equal(round_inputs(x, "none"), x)
    assert torch.equal(round_inputs(x, "rows"), round_activations(x, (-1,)))
    assert torch.equal(round_inputs(x, "tensor"), round_activations(x, (0, 1, 2)))
