"""Attention in windows: what each piece sees, alone and beside other texts."""

import pytest
import torch
from pydantic import ValidationError

from edgetext.models.layers.attention import SelfAttention, SharedAttention, has_windows
from edgetext.models.layers.masking import hide_keys
from edgetext.models.layers.windows import BLOCKS
from edgetext.registry import lookup

WIDTH = 12
LAYERS = {
    "shared": lambda window: SharedAttention(WIDTH, window),
    "one head": lambda window: SelfAttention(WIDTH, 1, 0.0, window=window),
    "heads": lambda window: SelfAttention(WIDTH, 3, 0.0, window=window),
}
each_layer = pytest.mark.parametrize("name", LAYERS)
each_window = pytest.mark.parametrize("window", [1, 4, 5])


def pair(name, window):
    """The same layer without windows and with them."""
    made = []
    for each in (None, window):
        torch.manual_seed(1)
        made.append(LAYERS[name](each).eval())
    return made


def seen(length, window):
    """bool[T, T]: which pieces each one sees."""
    width = min(length, BLOCKS * window)
    rows = torch.zeros(length, length, dtype=torch.bool)
    for piece in range(length):
        first = min(max(0, (piece // window - 1) * window), length - width)
        rows[piece, first : first + width] = True
    return rows


@each_layer
@each_window
def test_a_text_of_one_window_is_answered_as_without(name, window):
    whole, windowed = pair(name, window)
    for length in range(1, BLOCKS * window + 1):
        x = torch.randn(1, length, WIDTH)
        torch.testing.assert_close(windowed(x, None), whole(x, None), rtol=1e-5, atol=1e-6)


@each_layer
@each_window
@pytest.mark.parametrize("blocks", [4, 7])
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_piece_of_a_longer_text_sees_three_blocks(name, window, blocks, more, monkeypatch):
    whole, windowed = pair(name, window)
    length = blocks * window + more
    x = torch.randn(1, length, WIDTH)
    hidden = ~seen(length, window)
    monkeypatch.setattr(
        "edgetext.models.layers.attention.hide_keys",
        lambda scores, mask: hide_keys(scores, mask).masked_fill(hidden, float("-inf")),
    )
    expected = whole(x, None)
    monkeypatch.undo()
    torch.testing.assert_close(windowed(x, None), expected, rtol=1e-5, atol=1e-6)


@each_layer
@each_window
def test_no_text_sees_how_long_others_are(name, window):
    _, layer = pair(name, window)
    lengths = [1, window, window + 1, 3 * window, 3 * window + 1, 7 * window + 2]
    x = torch.randn(len(lengths), max(lengths), WIDTH)
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    batch = layer(x, mask)
    for row, length in enumerate(lengths):
        alone = layer(x[row : row + 1, :length], None)[0]
        torch.testing.assert_close(batch[row, :length], alone, rtol=1e-5, atol=1e-6)
    every = layer(x, None)
    torch.testing.assert_close(every, layer(x, torch.ones_like(mask)), rtol=1e-5, atol=1e-6)


def test_a_window_learns():
    layer = LAYERS["heads"](2).train()
    x = torch.randn(2, 9, WIDTH, requires_grad=True)
    layer(x, torch.arange(9) < torch.tensor([[9], [4]])).sum().backward()
    assert bool(torch.isfinite(x.grad).all()) and bool(x.grad.any())


def test_a_network_says_whether_it_has_windows():
    assert has_windows(LAYERS["shared"](3)) and not has_windows(LAYERS["heads"](None))


@pytest.mark.parametrize(
    ("encoder", "fields", "words"),
    [
        ("conv", {"attention_window": 8}, "needs an attention layer; set heads"),
        ("cnn", {"attention_window": 8, "heads": 1, "causal": True}, "not for causal encoders"),
        ("lstm", {"attention_window": 8, "heads": 0}, "needs an attention layer"),
        ("transformer", {"attention_window": 8, "causal": True}, "not for causal encoders"),
        ("transformer", {"attention_window": 0}, "greater than or equal to 1"),
    ],
)
def test_what_has_no_windows_says_so(encoder, fields, words):
    with pytest.raises(ValidationError, match=words):
        lookup("encoder", encoder).Config(**fields)
