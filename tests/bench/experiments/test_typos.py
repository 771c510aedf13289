"""Typing errors keep the bytes of a text."""

import random

from edgetext_bench.experiments.typos import with_typos


def test_no_share_changes_nothing():
    assert with_typos("wake me at seven", 0, random.Random(1)) == "wake me at seven"


def test_every_word_of_two_letters_gets_one_error():
    text = "Wake me at seven o'clock, a naïve 24"
    mistyped = with_typos(text, 1, random.Random(1))
    assert len(mistyped.encode()) == len(text.encode())
    changed = [i for i, (a, b) in enumerate(zip(text, mistyped, strict=True)) if a != b]
    # One letter, or two that stand side by side; what is no ASCII letter stays.
    assert all(text[i].isascii() and text[i].isalpha() for i in changed)
    words = list(zip(text.split(), mistyped.split(), strict=True))
    assert [sum(a != b for a, b in zip(*pair, strict=True)) for pair in words[:4]] != [0, 0, 0, 0]
    assert words[5] == ("a", "a") and words[7] == ("24", "24")


def test_a_seed_makes_the_same_errors():
    made = {with_typos("play some music for me", 0.5, random.Random(7)) for _ in range(3)}
    assert len(made) == 1
