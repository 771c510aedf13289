"""Texts of a number of bytes."""

import pytest

from edgetext.data.example import Example
from edgetext.timing import texts


@pytest.mark.parametrize("length", [1, 2, 8, 63, 512])
def test_texts_have_exactly_the_bytes_asked_for(length):
    made = texts.of_length(["São Paulo 東京", "x", ""], length, seed=1)
    assert {len(text.encode()) for text in made} == {length}
    assert made == texts.of_length(["São Paulo 東京", "x", ""], length, seed=1)


def test_a_sample_keeps_the_order_and_the_digest_sees_labels():
    examples = [Example(str(i), "a") for i in range(50)]
    chosen = texts.sample(examples, 10, seed=1)
    assert len(chosen) == 10 and chosen == sorted(chosen, key=lambda e: int(e.text))
    assert texts.digest(chosen) != texts.digest([Example(e.text, "b") for e in chosen])
