"""The linear model that trained ones are compared with."""

import random
import sys

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.tasks.labeled_texts import LabeledTexts
from edgetext.tasks.metrics import accuracy
from edgetext.training.linear import check_installed, linear_score

WORDS = {"sport": ["ball", "goal", "team"], "food": ["soup", "bread", "cheese"]}


def labeled(count, seed, several=False):
    """Texts of two words of each of their labels, and one that says nothing."""
    rng = random.Random(seed)
    texts, labels = [], []
    for _ in range(count):
        names = rng.sample(sorted(WORDS), rng.randint(0, 2) if several else 1)
        words = [word for name in names for word in rng.sample(WORDS[name], 2)]
        texts.append(" ".join(["the", *words]))
        labels.append(frozenset(names))
    return LabeledTexts(texts, labels, accuracy, several)


@pytest.mark.parametrize("several", [False, True])
def test_it_learns_what_words_tell(several):
    score = linear_score(labeled(80, 1, several), labeled(40, 2, several))
    assert (score.value, score.learnt, score.given) == (1.0, 80, 80)


def test_labels_that_no_word_tells_are_not_learnt():
    shuffled = labeled(80, 1)
    random.Random(5).shuffle(shuffled.labels)
    assert linear_score(shuffled, labeled(80, 2)).value < 0.9


def test_of_many_texts_it_learns_from_a_part(monkeypatch):
    monkeypatch.setattr("edgetext.training.linear.MOST_TEXTS", 40)
    score = linear_score(labeled(80, 1), labeled(40, 2))
    assert 20 <= score.learnt <= 40
    assert score.given == 80


def test_of_too_many_labels_there_is_none(monkeypatch):
    monkeypatch.setattr("edgetext.training.linear.MOST_WORK", 100)
    assert linear_score(labeled(80, 1), labeled(40, 2)).learnt in range(25, 51)
    monkeypatch.setattr("edgetext.training.linear.MOST_WORK", 70)
    assert linear_score(labeled(80, 1), labeled(40, 2)) is None


def test_where_the_library_is_missing_the_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(EdgetextError, match=r"pip install 'edgetext\[baseline\]'"):
        check_installed()
