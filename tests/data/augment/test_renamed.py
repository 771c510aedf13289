"""Pairs about something else: `augment` of type `renamed`."""

import random

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.augment.renamed import Renamed, RenamedConfig
from edgetext.data.example import Example, Span

PAIRS = [
    Example("Ada met Bob in 1998 near Oslo", "different", text_b="Bob met Ada in 1998 near Oslo"),
    Example("in 2001 the moth was seen", "same", text_b="the moth was seen in 2001"),
    Example("Cyd of Rome sold a house 4", "same", text_b="a house was sold by Cyd of Rome 6"),
    Example("Eve had 7 of 9", "different", text_b="Eve had 9 of 7"),
]


def order(example):
    """Where the words of one text stand in the other; -1 for none."""
    one, other = (text.split() for text in example.texts)
    return [other.index(word) if word in other else -1 for word in one]


def test_shared_words_become_others_that_are_the_same_in_both_texts():
    augment = Renamed(RenamedConfig(probability=1.0, common=1), PAIRS)
    assert len(augment.common) == 1
    changed = set()
    for seed in range(30):
        given = augment(random.Random(seed))
        for old, new in zip(PAIRS, given, strict=True):
            assert new.intent == old.intent and order(new) == order(old)
            for before, after in zip(old.text.split(), new.text.split(), strict=True):
                assert before.isdecimal() == after.isdecimal()
                assert before[0].isupper() == after[0].isupper()
                if before != after:
                    changed.add(before)
                    assert before not in augment.common
    assert {
        "Ada",
        "Bob",
        "1998",
        "Oslo",
        "2001",
        "moth",
        "Cyd",
        "Rome",
        "house",
        "7",
        "9",
    } <= changed
    # A word of one text alone stays.
    assert all("by" in e.text_b.split() for e in augment(random.Random(1))[2:3])


def test_a_seed_decides_all_and_texts_may_change_places():
    augment = Renamed(RenamedConfig(probability=0.5, common=4, exchange=0.5), PAIRS * 50)
    epochs = [augment(random.Random(seed)) for seed in (1, 1, 2)]
    assert epochs[0] == epochs[1] != epochs[2]
    second = [e.text.startswith("in") for e in epochs[0][1::4]]
    assert 10 < sum(second) < 40
    kept = Renamed(RenamedConfig(probability=0.5, common=4), PAIRS * 50)(random.Random(1))
    assert all(e.text.startswith("in") for e in kept[1::4])


@pytest.mark.parametrize(
    "example", [Example("one text", "a"), Example("a", "b", (Span("x", 0, 1),), text_b="c")]
)
def test_other_examples_are_refused(example):
    with pytest.raises(EdgetextError, match="renamed is for pairs of texts with a label"):
        Renamed(RenamedConfig(), [*PAIRS, example])
