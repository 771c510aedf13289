"""The numbers of pairs of words, as training reads them and as the graph does."""

from functools import cache

import numpy as np
import pytest
import torch
from hard_texts import TEXTS
from hypothesis import given
from hypothesis import strategies as st

from edgetext.models.layers.paired_rows import pairs_of_text, pairs_of_words
from edgetext.text.hashed.folding import Folding
from edgetext.text.hashed.grams import Grams
from edgetext.text.hashed.lexicon import lexicon_of
from edgetext.text.hashed.pairs import FACTORS, WORDS, WordPairs
from edgetext.text.hashed.tokenization import HashedWords
from edgetext.text.vocabulary import CLS, PAD, UNK

GRAMS = Grams(300, (1, 3, 6), lowercase=True)
LENGTHS = len(GRAMS.lengths)
PAIRS = WordPairs(GRAMS.buckets)
WORDS_OF = {
    "as they are": HashedWords(GRAMS, pairs=True),
    "folded": HashedWords(GRAMS, Folding(("GREEK",)), pairs=True),
}


@cache
def graph(kind, *, widen=True):
    return WORDS_OF[kind].graph(widen=widen)


def expected(words, text):
    """The numbers by numpy alone, from the n-grams that the words are."""
    grams = [lexicon_of(GRAMS).grams[number] for number in words.encode(text).ids]
    cut = PAIRS.cut(np.array([each.sum() for each in grams]))
    return PAIRS.numbers(np.concatenate([cut[:1], cut[:-1]]), cut).tolist()


def in_graph(kind, content, *, by_place=False):
    data = torch.frombuffer(bytearray(content or b" "), dtype=torch.uint8)[None]
    numbers, edges, *_ = graph(kind, widen=not by_place)(data)
    return pairs_of_text(PAIRS, LENGTHS, numbers, edges, by_place=by_place)[0].tolist()


def check(kind, text):
    words, content = WORDS_OF[kind], text.encode("utf-8", "replace")
    numbers = expected(words, text)
    ids = torch.from_numpy(words.encode(text).ids)[None]
    assert pairs_of_words(PAIRS, lexicon_of(GRAMS), ids).tolist() == [numbers]
    assert in_graph(kind, content) == numbers
    assert in_graph(kind, content, by_place=True) == numbers


@pytest.mark.parametrize("kind", WORDS_OF)
@pytest.mark.parametrize("name", TEXTS)
def test_the_graph_numbers_pairs_as_training_does(kind, name):
    check(kind, TEXTS[name])


@pytest.mark.parametrize("kind", WORDS_OF)
@given(text=st.text(max_size=40))
def test_the_graph_numbers_pairs_of_any_text_as_training_does(kind, text):
    check(kind, text)


@given(st.binary(min_size=1, max_size=50))
def test_of_any_bytes_both_targets_have_the_same_pairs(content):
    numbers = in_graph("as they are", content)
    assert in_graph("as they are", content, by_place=True) == numbers
    assert all(1 <= number < GRAMS.buckets for number in numbers)


@pytest.mark.parametrize("text", ["", "  ", "\t\n"])
def test_a_text_without_words_has_the_pair_of_its_mark_alone(text):
    check("as they are", text)
    assert len(in_graph("as they are", text.encode())) == 1


def test_a_pair_is_the_same_wherever_it_stands_and_another_the_other_way_around():
    one, other = (in_graph("as they are", text) for text in (b"go to bed", b"now go to sleep"))
    assert one[2] == other[3]
    assert in_graph("as they are", b"to go")[2] != one[2]
    # The mark stands before a text's first word.
    assert in_graph("as they are", b"go far away")[1] == one[1] != other[2]


@pytest.mark.parametrize("none", [PAD, UNK])
def test_what_is_no_word_is_in_no_pair(none):
    ids = torch.from_numpy(WORDS_OF["as they are"].encode("go to bed").ids)[None]
    lexicon = lexicon_of(GRAMS)
    whole = pairs_of_words(PAIRS, lexicon, ids)[0].tolist()
    ids[0, 2] = none
    assert pairs_of_words(PAIRS, lexicon, ids)[0].tolist() == [*whole[:2], 0, 0]


def test_texts_beside_are_not_seen():
    graph_of_one = graph("as they are")
    texts = [b"go to bed", b"", b"to rest"]
    pack = graph_of_one.packing(64)
    text = torch.tensor([*b"".join(texts)], dtype=torch.uint8)
    data, _, _ = pack(text, torch.tensor([0, 9, 9, 16]))
    numbers, edges = graph_of_one.read_several(data)
    is_mark = torch.tensor([1, 0, 0, 0, 1, 1, 0, 0])
    given = pairs_of_text(PAIRS, LENGTHS, numbers, edges, is_mark=is_mark)[0].tolist()
    assert given == [x for each in texts for x in in_graph("as they are", each)]
    assert given[0] == given[4] == given[5] and CLS not in (PAD, UNK)


@pytest.mark.parametrize("buckets", [50, FACTORS[0] + 1, 2 * FACTORS[1] + 1, 100_000])
def test_float32_holds_what_is_divided_and_no_bucket_is_left_out(buckets):
    pairs = WordPairs(buckets)
    assert (WORDS - 1) * (pairs.factor + 1) < 2**24
    words = np.arange(WORDS)
    numbers = pairs.numbers(words[:40, None], words[None]).reshape(-1)
    assert numbers.min() >= 1 and numbers.max() < buckets
    assert len(set(numbers.tolist())) > 0.75 * buckets
    later = pairs.numbers(np.zeros(WORDS, int), words)
    assert len(set(later.tolist())) == min(WORDS, buckets - 1)


def test_no_count_of_buckets_is_a_multiple_of_both_factors():
    assert FACTORS[0] * FACTORS[1] > 100_000


def test_a_running_sum_may_go_beyond_32_bits():
    sums = np.array([5, 2**31 + 5, 2**40 + 5])
    cut = PAIRS.cut(sums)
    assert cut.tolist() == PAIRS.cut(sums.astype(np.int32)).tolist() == [5, 5, 5]


def test_the_header_says_so_where_there_are_pairs_alone():
    header = WORDS_OF["as they are"].to_header()
    assert header == {**HashedWords(GRAMS).to_header(), "pairs": True}
    assert HashedWords.from_header(header).pairs
    assert not HashedWords.from_header(HashedWords(GRAMS).to_header()).pairs
