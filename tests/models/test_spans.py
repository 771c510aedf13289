"""Votes over spans."""

import pytest
import torch

from edgetext.models.spans import SpanDecoder


def decode(*words):
    """Each word is {tag index: probability}; the rest is spread evenly over 5 tags."""
    rows = []
    for word in words:
        rest = (1 - sum(word.values())) / 5
        rows.append([word.get(tag, 0.0) + rest for tag in range(5)])
    begins, inside, label = SpanDecoder(5)(torch.tensor(rows).log())
    return begins.tolist(), inside.tolist(), label[inside].tolist()


OUT, BA, IA, BB, IB = ({tag: 0.9} for tag in range(5))


def test_clean_tags_are_read_as_they_are():
    assert decode(OUT, BA, IA, OUT, BB) == (
        [False, True, False, False, True],
        [False, True, True, False, True],
        [0, 0, 1],
    )


def test_neighbouring_spans_are_told_apart():
    assert decode(BA, BA, IA) == ([True, True, False], [True] * 3, [0, 0, 0])


def test_a_span_may_begin_with_an_inner_tag():
    assert decode(OUT, IB, IB)[0] == [False, True, False]


def test_the_surer_word_gives_the_span_its_label():
    sure, unsure = {BA_TAG: 0.98}, {IB_TAG: 0.5, IA_TAG: 0.3}
    assert decode(sure, unsure)[2] == [0, 0]


def test_an_outside_word_does_not_vote():
    # Its little mass on b would outvote the unsure span before it.
    assert decode({BA_TAG: 0.45, BB_TAG: 0.4}, {0: 0.6, IB_TAG: 0.39})[2] == [0]


def test_boundaries_sum_over_labels():
    # O is the likeliest tag, but inside is likelier than outside.
    assert decode({0: 0.4, BA_TAG: 0.3, BB_TAG: 0.3})[1] == [True]


@pytest.mark.parametrize("words", [1, 2, 40])
def test_labels_agree_within_spans_whatever_the_scores(words):
    scores = torch.randn(words, 9, generator=torch.Generator().manual_seed(words))
    begins, inside, label = SpanDecoder(9)(scores)
    for i in range(words):
        assert not begins[i] or inside[i]
        if inside[i] and not begins[i]:
            assert i > 0 and inside[i - 1] and label[i] == label[i - 1]


BA_TAG, IA_TAG, BB_TAG, IB_TAG = 1, 2, 3, 4
