"""Which pieces may follow a text, against a search through the whole vocabulary."""

import numpy as np
import pytest
import torch

from edgetext.text.graph import TextGraph
from edgetext.text.typed import LONGEST, ROWS, PieceOrder, ReadTyped
from edgetext.text.vocabulary import CONTINUATION, SPECIAL_PIECES, UNK, Vocabulary

WORDS = "to tomorrow tomato tom ton the there , . Zürich zebra 東 ##ow ##mor ##rows ##o ##m ##t"
TYPED = [
    "",
    " ",
    "to ",
    "the to",
    "the tom",
    "the tomor",
    "tomorro",
    "Zür",
    "zeb",
    "t",
    "東",
    "to,",
]
TYPED += ["tomtomtomtom", "the ☃", "the xyz", "a" * 40, "the  ", "q"]


@pytest.fixture(scope="module")
def vocabulary():
    letters = [x for c in "tomrwazheüric" for x in (c, f"##{c}")]
    pieces = dict.fromkeys([*SPECIAL_PIECES, *WORDS.split(), *letters])
    return Vocabulary(list(pieces), lowercase=False)


@pytest.fixture(scope="module")
def read(vocabulary):
    graph, typed = TextGraph(vocabulary), ReadTyped(vocabulary)

    def run(text):
        data = torch.from_numpy(np.frombuffer(text.encode() or b" ", np.uint8).copy())[None]
        return [x.tolist() for x in typed(data, graph(data))]

    return run


def possible(vocabulary, inner, begun):
    """The pieces that begin with what was typed and are longer, by looking at each."""
    found = set()
    for piece in vocabulary.pieces[len(SPECIAL_PIECES) :]:
        continues = piece.startswith(CONTINUATION)
        text = piece.removeprefix(CONTINUATION).encode()
        if continues is inner and text.startswith(begun) and text != begun:
            found.add(piece)
    return found


@pytest.mark.parametrize("text", TYPED)
def test_the_ranges_are_those_of_a_search(vocabulary, read, text):
    rows, low, high, typed = read(text)
    ids = vocabulary.encode(text).ids
    order = PieceOrder(vocabulary)
    encoding = vocabulary.encode(text)
    last = len(ids) - 1
    finished = last == 0 or encoding.end[-1] != len(text.encode()) or text[-1] in "東,☃"
    if finished and text[-1:] != "☃":
        assert (rows, typed) == ([last], [0])
        assert low[0] == 0 and high[0] == order.begins
        return
    first = int(np.flatnonzero(encoding.first)[-1])
    begun = text.encode()[encoding.start[first] :]
    wanted = [first - 1] if ids[-1] == UNK else list(range(first - 1, last + 1))[-ROWS:]
    assert rows == wanted
    for row, below, above, count in zip(rows, low, high, typed, strict=True):
        rest = begun[0 if row == first - 1 else encoding.end[row] - encoding.start[first] :]
        assert count == len(rest)
        found = {vocabulary.pieces[i] for i in order.ids[below:above]}
        fits = len(rest) <= LONGEST
        assert found == (possible(vocabulary, row >= first, rest) if fits else set())


def test_pieces_are_in_the_order_of_their_bytes(vocabulary):
    order = PieceOrder(vocabulary)
    pieces = [vocabulary.pieces[i] for i in order.ids]
    begins, others = pieces[: order.begins], pieces[order.begins :]
    assert begins == sorted(begins, key=str.encode) and others == sorted(others, key=str.encode)
    assert all(p.startswith("##") for p in others)
    assert order.rank[:3].tolist() == [-1] * 3
