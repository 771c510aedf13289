"""Several texts in one stream are read as each is alone."""

import numpy as np
import pytest
import torch
from hard_texts import CASES, byte_strings, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from edgetext.text.graph import TextGraph
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.graph import BEGIN_AT, END_AT
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.vocabulary import CLS

LIMIT = 48
NAMES = ["english", "clusters", "as written"]
HASHED = {
    "of 1, 3 and 6 bytes": HashedWords(Grams(300, (1, 3, 6), lowercase=True)).graph(),
    "of 2 and 4 bytes": HashedWords(Grams(100, (2, 4), lowercase=False)).graph(),
}
several = st.lists(st.one_of(byte_strings(), texts().map(str.encode)), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def graphs(vocabularies):
    return {name: TextGraph(vocabularies[name]).eval() for name in NAMES}


def tensor(data):
    return torch.from_numpy(np.frombuffer(data or b" ", np.uint8).copy())


def packed(graph, contents):
    """The stream of some texts, and where each begins."""
    offsets = torch.tensor(np.cumsum([0, *map(len, contents)]))
    data = torch.from_numpy(np.frombuffer(b"".join(contents), np.uint8).copy())
    return graph.packing(LIMIT)(data, offsets)


def words_of_pieces(graph, contents):
    """Of each text the ids, the first pieces of its words and their bytes."""
    data, begin, _ = packed(graph, contents)
    ids, first, start, end = graph.read_several(data)
    (marks,) = np.nonzero((ids == CLS).numpy())
    for text, (low, high) in enumerate(zip(marks, [*marks[1:], len(ids)], strict=True)):
        own = (first >= low) & (first < high)
        edges = (place[own] - begin[text] for place in (start, end))
        yield [x.tolist() for x in (ids[low:high], first[own] - low, *edges)]


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, derandomize=True)
@given(several)
def test_pieces_of_several_texts_are_those_of_each(graphs, name, contents):
    graph = graphs[name]
    contents = [content or b" " for content in contents]
    for content, read in zip(contents, words_of_pieces(graph, contents), strict=True):
        alone = graph(tensor(content[:LIMIT])[None])
        # Of [CLS] an end is not looked at.
        assert read[:3] == [x.tolist() for x in alone[:3]]
        assert read[3][1:] == alone.end[1:].tolist()


@pytest.mark.parametrize("name", NAMES)
def test_hand_picked_texts_stand_beside_each_other(graphs, name):
    graph, contents = graphs[name], list(CASES.values())
    for content, read in zip(contents, words_of_pieces(graph, contents), strict=True):
        assert read[:3] == [x.tolist() for x in graph(tensor(content[:LIMIT])[None])[:3]]


def words_of_grams(pieces, lengths, begin=0):
    """Each word's bytes, from `begin` on, and its numbers."""
    first, last = pieces.edges.reshape(2, -1)
    numbers = pieces.numbers.reshape(-1, lengths)
    for low, high in zip(first.tolist(), last.tolist(), strict=True):
        own = numbers[low + 1 : high + 1]
        yield low + BEGIN_AT - begin, high + END_AT - begin, sorted(own[own > 0].tolist())


@pytest.mark.parametrize("name", HASHED)
@settings(deadline=None, derandomize=True)
@given(several)
def test_hashed_words_of_several_texts_are_those_of_each(name, contents):
    graph = HASHED[name]
    contents = [content or b" " for content in contents]
    data, begin, _ = packed(graph, contents)
    expected = [
        (start + at, end + at, numbers)
        for content, at in zip(contents, begin.tolist(), strict=True)
        for start, end, numbers in words_of_grams(
            graph(tensor(content[:LIMIT])[None]), graph.lengths
        )
    ]
    assert list(words_of_grams(graph.read_several(data), graph.lengths)) == expected


def test_a_text_that_is_too_long_says_so():
    graph = HASHED["of 2 and 4 bytes"]
    contents = [b"a" * LIMIT, b"b" * (LIMIT + 1), b"", b"c"]
    _, begin, truncated = packed(graph, contents)
    assert truncated.tolist() == [0, 1, 0, 0] and truncated.dtype == torch.int32
    assert begin.tolist() == [0, LIMIT + 3, 2 * LIMIT + 7, 2 * LIMIT + 10]
