"""Words cut at random into other pieces of the same vocabulary."""

import numpy as np
import pytest

from edgetext.text.random_cuts import RandomCuts
from edgetext.text.vocabulary import SPECIAL_PIECES, UNK, Vocabulary

TEXTS = ["book me to Zürich tomorrow", "weather in Zürich", "me and tomatoes", "booking tomorrow"]


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.train(TEXTS * 9, size=120)


def spelt(vocabulary, ids):
    """The words that pieces stand for, in their order."""
    words = []
    for number in ids.tolist():
        piece = vocabulary.pieces[number]
        if piece.startswith("##"):
            words[-1] += piece[2:]
        else:
            words.append(piece)
    return words


def test_pieces_joined_still_spell_the_words(vocabulary):
    ids = np.concatenate([vocabulary.encode(text).ids for text in TEXTS])
    cuts = RandomCuts(vocabulary, 0.5)
    lengths = set()
    for seed in range(50):
        cut = cuts.cut(ids, (seed,))
        assert spelt(vocabulary, cut.ids) == spelt(vocabulary, ids)
        lengths.add(len(cut.ids))
        kept = cut.source >= 0
        # Each word's first piece stands where its first one stood, in the same order.
        places = cut.source[kept]
        assert (np.diff(places) > 0).all()
        begins = [i for i, n in enumerate(ids) if not vocabulary.pieces[n].startswith("##")]
        assert set(begins) <= set(places.tolist())
        inside = [vocabulary.pieces[number] for number in cut.ids[~kept].tolist()]
        assert all(piece.startswith("##") for piece in inside)
    assert len(lengths) > 5


@pytest.mark.parametrize("probability", [0.05, 0.3])
def test_as_many_words_are_cut_anew_as_is_said(vocabulary, probability):
    word = vocabulary.encode("tomorrow").ids
    assert len(word) == 2  # [CLS] and the word
    ids = np.tile(word, 20_000)
    cut = RandomCuts(vocabulary, probability).cut(ids, (1,))
    whole = (cut.ids == word[1]).sum()
    assert 1 - whole / 20_000 == pytest.approx(probability, abs=0.01)


def test_a_word_of_several_pieces_is_cut_anew_more_often():
    pieces = [*SPECIAL_PIECES, "a", "##a", "aa", "##aa"]
    vocabulary = Vocabulary(pieces)
    word = vocabulary.encode("aaaaaa").ids
    assert [pieces[number] for number in word] == ["[CLS]", "aa", "##aa", "##aa"]
    cut = RandomCuts(vocabulary, 0.2).cut(np.tile(word, 10_000), (1,))
    anew = sum(count != 3 for count in np.diff(np.flatnonzero(cut.ids == word[0])) - 1)
    # Six letters are never three pairs again once a pair was passed over.
    assert anew / 10_000 == pytest.approx(1 - 0.8**3, abs=0.02)


def test_the_same_seed_gives_the_same_pieces(vocabulary):
    ids = np.tile(vocabulary.encode(TEXTS[0]).ids, 20)
    cuts = RandomCuts(vocabulary, 0.3)
    one, other, again = (cuts.cut(ids, seed).ids.tolist() for seed in ((1,), (2,), (1,)))
    assert one == again != other
    assert one == RandomCuts(vocabulary, 0.3).cut(ids, (1,)).ids.tolist()


def test_marks_and_unknown_words_stay(vocabulary):
    ids = vocabulary.encode("東 book [CLS] \U0001f600").ids
    assert UNK in ids
    for seed in range(20):
        cut = RandomCuts(vocabulary, 0.9).cut(ids, (seed,)).ids
        for special in range(3):
            assert (cut == special).sum() == (ids == special).sum()


def test_a_word_that_no_other_pieces_spell_stays_as_it_is():
    # Once "ab" is passed over nothing spells the "b".
    vocabulary = Vocabulary([*SPECIAL_PIECES, "a", "ab", "##c", "##cd"])
    ids = vocabulary.encode("abc a ab abcd").ids
    cuts = RandomCuts(vocabulary, 0.9)
    assert all(cuts.cut(ids, (seed,)).ids.tolist() == ids.tolist() for seed in range(20))


def test_no_word_has_more_pieces_than_the_vocabulary_allows():
    vocabulary = Vocabulary([*SPECIAL_PIECES, "a", "##a", "##aaaa"], word_pieces=8)
    ids = np.tile(vocabulary.encode("a" * 13).ids, 200)
    cut = RandomCuts(vocabulary, 0.3).cut(ids, (1,)).ids
    counts = np.diff(np.flatnonzero(cut == ids[0])) - 1
    assert counts.min() == 4 and 4 < counts.max() <= 8


def test_nothing_at_all_is_cut_into_nothing(vocabulary):
    cut = RandomCuts(vocabulary, 0.3).cut(np.zeros(0, np.int64), (1,))
    assert not len(cut.ids) and not len(cut.source)
