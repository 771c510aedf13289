"""Trees out of span scores: what is chosen, in which order, and that it is always a tree."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import pad

from edgetext.data.example import Node
from edgetext.data.trees import well_formed
from edgetext.models.decoders.parse import SPANS, TreeDecoder

NODES = ["A", "B", "C", "R"]
CHAINS = ["A", "A B", "B C A"]
ROOTS = ["R", "R A"]


def decode(words, spans, root=0, decoder=None):
    """Nodes of a text of one-byte words with spaces between; spans {(first, last): (score, chain)}.

    Word w's first piece is 2 w + 1, after [CLS]; its vectors are those of rows and columns.
    """
    pieces = 2 * words + 1
    opens, closes = torch.eye(pieces).unsqueeze(0), torch.full((1, pieces, pieces), -1.0)
    opens_chain = torch.zeros(1, pieces, len(CHAINS))
    for (first, last), (score, chain) in spans.items():
        closes[0, 2 * last + 1, 2 * first + 1] = score
        opens_chain[0, 2 * first + 1, chain] += 1
    scores = {
        "opens": opens,
        "closes": closes,
        "opens_chain": opens_chain,
        "closes_chain": torch.zeros_like(opens_chain),
        "root": torch.eye(len(ROOTS))[root].unsqueeze(0),
    }
    (nodes,) = (decoder or TreeDecoder(NODES, CHAINS, ROOTS))(scores, *rows_of(words, 2, 1, 2, 1))
    assert nodes.dtype == torch.int32 and nodes.shape[1] == 4
    return [Node(NODES[label], *at) for label, *at in nodes.tolist()]


def rows_of(words, pieces, first, bytes_, width):
    """first, start and end int64[1 + words], [CLS] before words at equal distances."""
    word = torch.arange(words)
    rows = (pieces * word + first, bytes_ * word, bytes_ * word + width)
    return [pad(x, (1, 0), value=mark) for x, mark in zip(rows, (0, -1, 0), strict=True)]


def test_a_tree_in_preorder_with_chains_unfolded():
    assert decode(4, {(2, 3): (1.0, 1), (0, 0): (2.0, 0), (3, 3): (0.5, 0)}, root=1) == [
        Node("R", 0, 7, 0),
        Node("A", 0, 7, 1),
        Node("A", 0, 1, 2),
        Node("A", 4, 7, 2),
        Node("B", 4, 7, 3),
        Node("A", 6, 7, 4),
    ]


def test_of_two_that_cross_the_surer_stays():
    assert decode(3, {(0, 1): (1.0, 0), (1, 2): (2.0, 0)})[1:] == [Node("A", 2, 5, 1)]
    assert decode(3, {(0, 1): (2.0, 0), (1, 2): (1.0, 0)})[1:] == [Node("A", 0, 3, 1)]


def test_what_only_a_loser_crosses_stays():
    spans = {(0, 1): (3.0, 0), (1, 2): (2.0, 0), (2, 3): (1.0, 0)}
    assert decode(4, spans)[1:] == [Node("A", 0, 3, 1), Node("A", 4, 7, 1)]


def test_texts_without_words_and_of_one_word():
    assert decode(0, {}) == []
    assert decode(1, {}) == [Node("R", 0, 1, 0)]
    assert decode(1, {(0, 0): (9.0, 2)}) == [Node("R", 0, 1, 0)]  # the root is over it already


def test_more_spans_than_there_is_room_for():
    spans = {(word, word): (float(word + 1), 0) for word in range(SPANS + 8)}
    found = decode(SPANS + 8, spans)
    assert len(found) == SPANS and found[-1] == Node("A", 2 * SPANS + 14, 2 * SPANS + 15, 1)


@settings(deadline=None)
@given(st.integers(0, 12), st.integers(0, 2**31))
def test_whatever_the_scores_it_is_a_tree(words, seed):
    generator = torch.Generator().manual_seed(seed)
    count = 3 * words + 1
    shapes = {"opens": 6, "closes": 6, "opens_chain": len(CHAINS), "closes_chain": len(CHAINS)}
    scores = {
        name: torch.randn(1, count, width, generator=generator) for name, width in shapes.items()
    }
    scores["root"] = torch.randn(1, len(ROOTS), generator=generator)
    (rows,) = TreeDecoder(NODES, CHAINS, ROOTS)(scores, *rows_of(words, 3, 1, 4, 3))
    nodes = [Node(NODES[label], *at) for label, *at in rows.tolist()]
    assert well_formed(nodes)
    if words:
        assert (nodes[0].start, nodes[0].end) == (0, 4 * words - 1)


@pytest.mark.parametrize("long", [SPANS, 64])
def test_a_long_text_is_a_tree_too(long):
    assert well_formed(decode(long, {(i, i + 9): (i + 1.0, 2) for i in range(long - 9)}))
