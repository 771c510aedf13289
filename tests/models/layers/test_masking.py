"""Padding is kept out of a batch's arithmetic."""

import pytest
import torch

from edgetext.models.layers.masking import hide_padding

MASK = torch.tensor([[True, True, False], [True, False, False], [True, True, True]])


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
def test_padding_is_minus_infinity_and_the_rest_as_it_was(kind):
    x = torch.randn(3, 3, 5).to(kind)
    hidden = hide_padding(x, MASK)
    assert hidden.dtype == kind
    assert hidden.equal(x.masked_fill(~MASK.unsqueeze(-1), float("-inf")))
    assert hide_padding(x, None) is x


def test_a_maximum_and_a_softmax_have_no_gradient_at_padding():
    x = torch.randn(3, 3, 5, requires_grad=True)
    hidden = hide_padding(x, MASK)
    (hidden.amax(dim=1).sum() + hidden.softmax(dim=1).square().sum()).backward()
    assert x.grad.isfinite().all()
    assert not x.grad[~MASK].any()
