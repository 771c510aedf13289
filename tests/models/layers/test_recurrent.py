"""An LSTM over a padded batch."""

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from edgetext.models.layers.recurrent import TextLstm

LENGTHS = torch.tensor([5, 1, 7, 3])


@pytest.mark.parametrize(
    ("layers", "bidirectional"), [(1, True), (2, True), (1, False), (3, False)]
)
def test_states_and_gradients_are_those_of_packed_sequences(layers, bidirectional):
    torch.manual_seed(1)
    options = {"num_layers": layers, "bidirectional": bidirectional, "batch_first": True}
    ours, packed = TextLstm(6, 4, **options), nn.LSTM(6, 4, **options)
    packed.load_state_dict(ours.state_dict())
    mask = torch.arange(9) < LENGTHS.unsqueeze(1)
    x, other = (torch.randn(4, 9, 6, generator=torch.Generator().manual_seed(2)) for _ in "ab")
    x.requires_grad_()
    other.requires_grad_()
    states = ours(x, mask)
    sequence = pack_padded_sequence(other, LENGTHS, batch_first=True, enforce_sorted=False)
    expected = pad_packed_sequence(packed(sequence)[0], batch_first=True, total_length=9)[0]
    torch.testing.assert_close(states, expected)
    (states**2).sum().backward()
    (expected**2).sum().backward()
    torch.testing.assert_close(x.grad, other.grad)
    for one, reference in zip(ours.parameters(), packed.parameters(), strict=True):
        torch.testing.assert_close(one.grad, reference.grad)


def test_what_stands_in_padding_changes_nothing():
    lstm = TextLstm(6, 4, bidirectional=True, batch_first=True)
    mask = torch.arange(9) < LENGTHS.unsqueeze(1)
    x = torch.randn(4, 9, 6)
    noised = torch.where(mask.unsqueeze(-1), x, torch.full_like(x, 7.0))
    states = lstm(x, mask)
    assert states.equal(lstm(noised, mask))
    assert not states[~mask].any()
    # A text alone, without padding, has the same states.
    for row, length in enumerate(LENGTHS.tolist()):
        torch.testing.assert_close(lstm(x[row : row + 1, :length])[0], states[row, :length])


def test_mixed_precision_is_close():
    lstm = TextLstm(32, 16, bidirectional=True, batch_first=True)
    mask = torch.arange(9) < LENGTHS.unsqueeze(1)
    x = torch.randn(4, 9, 32)
    with torch.autocast("cpu", torch.bfloat16):
        found = [lstm(given, mask) for given in (x, x.to(torch.bfloat16))]
    for states in found:
        torch.testing.assert_close(states.float(), lstm(x, mask), atol=0.02, rtol=0)


@pytest.mark.parametrize("padded", [True, False])
def test_a_processor_without_such_an_lstm_computes_it_in_float32(monkeypatch, padded):
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: "AVX2")
    lstm = TextLstm(32, 16, bidirectional=True, batch_first=True)
    mask = torch.arange(9) < LENGTHS.unsqueeze(1) if padded else None
    x = torch.randn(4, 9, 32).to(torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        states = lstm(x, mask)
    assert torch.equal(states, lstm(x.float(), mask))
