"""N-grams of bytes as numbers."""

import numpy as np
import pytest
import torch

from edgetext.text.hashed.grams import LONGEST, PLACES_AROUND, Grams
from edgetext.text.hashed.tokenization import HashedWords

GRAMS = Grams(500, (1, 2, 3, 4), lowercase=True)


def numbers(text, grams=GRAMS):
    return grams.numbers(np.frombuffer(text.encode(), np.uint8).astype(np.int64))


def test_an_n_gram_over_the_edge_of_a_word_has_none():
    # Of what ends at the second letter of the second word, three bytes may be looked at, not four.
    here = numbers("xx abc")[:, 4]
    assert (here[:3] > 0).all()
    assert here[3] == 0


def test_a_word_has_the_same_n_grams_wherever_it_stands():
    first, last = numbers("say hello now"), numbers("well, a hello ,")
    assert (first[:, 4:10] == last[:, 8:14]).all()


def test_case_is_folded_where_it_should_be():
    assert (numbers("Hello") == numbers("hELLO")).all()
    kept = Grams(500, (1, 2, 3, 4), lowercase=False)
    assert (numbers("Hello", kept) != numbers("hello", kept)).any()


@pytest.mark.parametrize("buckets", [50, 1999, 100_000])
def test_float32_holds_every_sum_of_the_longest_n_gram(buckets):
    grams = Grams(buckets, (LONGEST,), lowercase=True)
    largest = (grams.values.max(1) @ grams.factors[0]).sum() + (LONGEST - 2) * grams.crossing
    assert largest < 2**24
    assert (grams.values.max(1) @ grams.factors[0]).sum() < grams.crossing
    assert grams.crossing % buckets == 0


def test_n_grams_share_few_buckets():
    made = {f"{a}{b}{c}" for a in "bcdfglmnprst" for b in "aeiou" for c in "dlmnrstx"}
    grams = Grams(100_000, (3,), lowercase=True)
    found = [int(numbers(text, grams)[0, 2]) for text in sorted(made)]
    # 480 of 100,000 draw about one number twice.
    assert len(set(found)) > len(found) - 15


@pytest.mark.parametrize("longest", range(1, LONGEST + 1))
def test_as_many_places_are_around_a_text_whatever_the_lengths(longest):
    grams = Grams(100, (longest,), lowercase=True)
    graph = HashedWords(grams).graph()
    numbers = graph(torch.tensor([[ord("a")] * 5], dtype=torch.uint8)).numbers
    assert len(numbers) == 5 + PLACES_AROUND
