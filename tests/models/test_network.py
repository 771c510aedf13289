"""What every encoder and head must keep to."""

import pytest
import torch

from edgetext.core.errors import EdgetextError
from edgetext.models import build_network

LABELS = {"intent": ["a", "b", "c"], "tags": ["O", "B-x", "I-x"]}
ENCODERS = [
    {"type": "bag", "embedding": 8, "hidden": 16},
    {"type": "cnn", "embedding": 8, "hidden": 16, "layers": 2},
    {"type": "cnn", "embedding": 16, "hidden": 16, "layers": 3, "kernel": 5, "heads": 2},
    {"type": "cnn", "embedding": 8, "hidden": 16, "layers": 1, "heads": 1},
    {"type": "cnn", "embedding": 8, "hidden": 16, "layers": 3, "heads": 1, "attention_after": 2},
    {"type": "cnn", "embedding": 16, "hidden": 16, "layers": 2, "heads": 2, "attention_after": 0},
    {"type": "cnn", "embedding": 16, "hidden": 16, "heads": 2, "attention_window": 2},
    {"type": "lstm", "embedding": 8, "hidden": 8, "layers": 2, "heads": 2},
    {"type": "lstm", "embedding": 8, "hidden": 8, "heads": 1, "attention_window": 1},
    {"type": "lstm", "embedding": 8, "hidden": 8, "heads": 0},
    {"type": "lstm", "embedding": 8, "hidden": 8, "heads": 2, "kernel": 3},
    {"type": "conv", "embedding": 8, "hidden": 16, "layers": 2, "kernel": [5, 3]},
    {"type": "conv", "layers": 3, "kernel": [3, 1, 3], "heads": 1, "attention_after": 2},
    {"type": "conv", "embedding": 16, "hidden": 16, "normalize": True, "residual": True},
    {"type": "conv", "embedding": 16, "hidden": 16, "heads": 1, "attention_window": 2},
    {"type": "transformer", "embedding": 8, "hidden": 16, "heads": 2, "feed_forward": 32},
    {"type": "transformer", "hidden": 16, "heads": 2, "layers": 1, "attention_window": 2},
    {"type": "transformer", "embedding": 16, "hidden": 16, "heads": 1, "kernel": 1, "positions": 6},
]
each_encoder = pytest.mark.parametrize(
    "encoder", ENCODERS, ids=lambda e: "-".join(str(v) for v in e.values())
)


def network(encoder, labels=LABELS, seed=0, head="joint"):
    torch.manual_seed(seed)
    return build_network({"encoder": encoder, "head": {"type": head}}, 50, labels).eval()


@each_encoder
def test_padding_changes_no_answer(encoder):
    model = network(encoder)
    lengths = [9, 1, 4, 7]
    ids = torch.zeros(4, 9, dtype=torch.int64)
    mask = torch.zeros(4, 9, dtype=torch.bool)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.randint(2, 50, (length,))
        mask[row, :length] = True
    batch = model(ids, mask, hidden=True)
    for row, length in enumerate(lengths):
        alone = model(ids[row : row + 1, :length], hidden=True)
        torch.testing.assert_close(batch["intent"][row], alone["intent"][0], rtol=1e-4, atol=1e-5)
        for name in ("tags", "hidden"):
            torch.testing.assert_close(
                batch[name][row, :length], alone[name][0], rtol=1e-4, atol=1e-5
            )


@each_encoder
def test_padding_passes_no_gradient(encoder):
    model = network(encoder).train(False)
    ids = torch.tensor([[2, 5, 6, 49, 49]])
    mask = torch.tensor([[True, True, True, False, False]])
    scores = model(ids, mask)
    (scores["intent"].sum() + scores["tags"][:, :3].sum()).backward()
    gradient = model.embedding.weight.grad
    assert gradient[5].abs().sum() > 0
    assert gradient[49].abs().sum() == 0
    assert all(p.grad is None or torch.isfinite(p.grad).all() for p in model.parameters())


@each_encoder
def test_the_longest_text_has_an_answer(encoder):
    scores = network(encoder)(torch.full((1, 513), 7))
    assert scores["tags"].shape == (1, 513, 3)
    assert torch.isfinite(scores["tags"]).all() and torch.isfinite(scores["intent"]).all()


@pytest.mark.parametrize("encoder", [e for e in ENCODERS if e["type"] != "bag"], ids=str)
def test_word_order_matters(encoder):
    model = network(encoder)
    one, other = (model(torch.tensor([ids]))["tags"][0, 1] for ids in ([2, 5, 6, 7], [2, 5, 7, 6]))
    assert not torch.allclose(one, other, atol=1e-6)


@pytest.mark.parametrize(
    ("head", "shapes"),
    [
        ("classify", {"intent": (1, 3)}),
        ("tag", {"tags": (1, 2, 3)}),
        ("joint", {"intent": (1, 3), "tags": (1, 2, 3)}),
    ],
)
def test_a_head_gives_its_scores(head, shapes):
    model = network(ENCODERS[0], head=head)
    scores = model(torch.tensor([[2, 5]]))
    assert {name: tuple(score.shape) for name, score in scores.items()} == shapes


def test_same_recipe_and_seed_give_the_same_network():
    one, other = network(ENCODERS[2], seed=3), network(ENCODERS[2], seed=3)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
    third = network(ENCODERS[2], seed=4)
    assert not torch.equal(one.embedding.weight, third.embedding.weight)


@pytest.mark.parametrize(
    ("encoder", "word"),
    [
        ({"type": "cnn", "kernel": 2}, "odd"),
        ({"type": "cnn", "layers": 1, "heads": 1, "attention_after": 2}, "exceed"),
        ({"type": "cnn", "attention_after": 1}, "heads"),
        ({"type": "conv", "layers": 2, "kernel": [3, 2]}, "odd"),
        ({"type": "conv", "layers": 2, "kernel": [3, 3, 3]}, "3 numbers for 2 layers"),
        ({"type": "conv", "attention_after": 1}, "heads"),
        ({"type": "conv", "layers": 1, "kernel": 3, "heads": 1, "attention_after": 2}, "exceed"),
        ({"type": "transformer", "hidden": 10, "heads": 4}, "multiple"),
        ({"type": "lstm", "embedding": 10, "heads": 4}, "multiple"),
    ],
)
def test_impossible_sizes_are_refused(encoder, word):
    with pytest.raises((ValueError, EdgetextError), match=word):
        network(encoder)


def test_pooling_and_context_are_the_heads_choice():
    section = {"type": "joint", "pooling": "maximum", "context": True}
    torch.manual_seed(0)
    model = build_network({"encoder": ENCODERS[0], "head": section}, 50, LABELS).eval()
    ids = torch.tensor([[2, 5, 6, 7]])
    alone, beside = model(ids[:, :3]), model(ids)
    assert alone["intent"].shape == (1, 3)
    # A later piece reaches an earlier tag through the text's maximum.
    assert not torch.allclose(alone["tags"], beside["tags"][:, :3])
