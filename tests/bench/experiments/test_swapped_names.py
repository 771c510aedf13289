"""Labeled texts take the names of others, and only those of the same label."""

import random

from edgetext.data.example import Example, Span
from edgetext_bench.experiments.swapped_names import swapped


def test_labeled_texts_come_with_the_names_of_others():
    labeled = [
        Example("Ann  left", None, (Span("person", 0, 3),)),
        Example("nobody did", None),
    ]
    others = [Example("Zoë in Rome", None, (Span("person", 0, 4), Span("city", 8, 12)))]
    lines = list(swapped(labeled, others, 20, random.Random(1)))
    assert len(lines) == 20
    assert set(lines) == {"Ann left", "Zoë left"}
