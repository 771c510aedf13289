"""Hashed words, as training reads them and as the graph does."""

import numpy as np
import pytest
import torch
from hard_texts import TEXTS
from hypothesis import given
from hypothesis import strategies as st

from edgetext.models.layers.added_rows import sums_of_text, sums_of_words
from edgetext.models.layers.embedding import TokenEmbedding
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.graph import BEGIN_AT, END_AT
from edgetext.text.hashed.lexicon import lexicon_of
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.tokenization import pieces_of, read_tokenization
from edgetext.text.vocabulary import CLS

GRAMS = Grams(300, (1, 3, 6), lowercase=True)
WORDS = HashedWords(GRAMS)
GRAPH = WORDS.graph()
OF_EXECUTORCH = WORDS.graph(widen=False)
ROWS = TokenEmbedding(GRAMS.buckets, 8)
ROWS.weight.data.normal_(generator=torch.Generator().manual_seed(1))
ROWS.weight.data[0] = 0


def read(content, graph=GRAPH):
    return graph(torch.frombuffer(bytearray(content or b" "), dtype=torch.uint8)[None])


def check(text):
    """What both say of a text's words and vectors."""
    encoding = WORDS.encode(text)
    content = text.encode("utf-8", "replace")
    pieces, by_length = read(content), read(content, OF_EXECUTORCH)
    begin, end = pieces.edges.reshape(2, -1)[:, 1:]
    assert (begin + BEGIN_AT).tolist() == encoding.start[1:].tolist()
    assert (end + END_AT).tolist() == encoding.end[1:].tolist()
    with torch.no_grad():
        # The graph takes differences of running sums, and a sum of n numbers in float32 is off by
        # at most n times half a unit in the last place of the sum of their magnitudes.
        magnitude = ROWS(pieces.numbers).abs().sum(0).max()
        rounding = 2 * len(pieces.numbers) * 2**-24 * magnitude
        ours = sums_of_words(ROWS, lexicon_of(GRAMS), torch.from_numpy(encoding.ids)[None])
        theirs = sums_of_text(ROWS, len(GRAMS.lengths), *pieces)
        others = sums_of_text(ROWS, len(GRAMS.lengths), *by_length, by_place=True)
    assert ours.shape == theirs.shape == (1, len(encoding.ids), 8)
    assert (ours - theirs).abs().max() <= rounding
    assert (ours - others).abs().max() <= rounding


@pytest.mark.parametrize("name", TEXTS)
def test_the_graph_reads_as_training_does(name):
    check(TEXTS[name])


@given(st.text(max_size=40))
def test_the_graph_reads_any_text_as_training_does(text):
    check(text)


@given(st.binary(min_size=1, max_size=50))
def test_of_any_bytes_each_word_begins_before_it_ends(content):
    begin, end = read(content).edges.reshape(2, -1)
    assert (begin + 1 < end + 1).all()
    assert (begin[1:] >= end[:-1] - 1).all()


def test_a_word_is_the_same_wherever_it_stands():
    first, second = WORDS.encode("play it"), WORDS.encode("Then PLAY,")
    assert first.ids[0] == second.ids[0] == CLS
    # A comma after it is part of its n-grams, a space is too.
    assert first.ids[1] == WORDS.encode("would play that").ids[2]
    assert first.ids[1] != second.ids[2]


def test_a_checkpoint_keeps_the_rule_and_no_word():
    header = WORDS.to_header()
    assert header == {"type": "hashed", "buckets": 300, "lengths": [1, 3, 6], "lowercase": True}
    again = read_tokenization(header)
    assert isinstance(again, HashedWords)
    assert again.encode("some words").ids.tolist() == WORDS.encode("some words").ids.tolist()
    assert len(pieces_of(header)) == len(again) == len(again.pieces) == 300


def test_numbers_of_words_are_those_of_their_n_grams():
    lexicon = lexicon_of(GRAMS)
    number = int(WORDS.encode("unheard").ids[1])
    data = np.array([*b" unheard "])
    grams = GRAMS.numbers(data)[:, 1:]
    assert lexicon.grams[number].tolist() == sorted(grams[grams > 0].tolist())
