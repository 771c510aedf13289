"""Names out of other texts as values of slots."""

import random

from edgetext.data.example import Example, Span
from edgetext_bench.experiments.named_values import names_in, valued
from edgetext_bench.experiments.swapped_names import swapped

LABELED = [
    Example("play jazz by ana", None, (Span("genre", 5, 9), Span("artist", 13, 16)), "f:1"),
    Example("play rock by bo", None, (Span("genre", 5, 9), Span("artist", 13, 15)), "f:2"),
    Example("stop", None, (), "f:3"),
]


def test_a_name_is_what_is_capitalized_within_a_text():
    lines = ["The tower of London Bridge stood", "He met Ada Lovelace and Bob", "Ada Lovelace"]
    assert names_in(lines) == ["london bridge", "ada lovelace and bob"]


def test_a_share_of_the_values_are_names_and_other_slots_have_their_own():
    names = [f"name {number}" for number in range(9)]
    rng = random.Random(1)
    others = valued(LABELED * 50, names, ["artist"], 0.7, rng)
    assert len(others) == round(100 * 0.7 / 0.3)
    lines = list(swapped(LABELED * 50, others, 2, rng, 0.8))
    assert len(lines) == 200  # twice each text with a span
    assert 0.4 < sum("name" in line for line in lines) / len(lines) < 0.75
    assert all(line.split()[1] in ("jazz", "rock") for line in lines)
