"""Votes over spans."""

import pytest
import torch

from edgetext.models.decoders.spans import SpanDecoder


def decode(*words):
    """Each word is {tag index: probability}; the rest is spread evenly over 5 tags."""
    rows = []
    for word in words:
        rest = (1 - sum(word.values())) / 5
        rows.append([word.get(tag, 0.0) + rest for tag in range(5)])
    return spans_of(SpanDecoder(5), torch.tensor(rows).log())


def spans_of(decoder, scores):
    """(first word, last word, label) of each span of scores float[W, K]; words count from 0."""
    mark = torch.rand(1, scores.shape[1])
    marked = torch.cat([mark, scores])
    opening, closing, label = decoder(marked)
    assert (opening[0], closing[0]) == (0, 0)
    places, labels = decoder.paired(marked)
    assert places.tolist() == torch.stack([opening, closing + 1], dim=1).tolist()
    assert labels[:, 0].tolist() == label.tolist()
    rows = (x[1:].tolist() for x in (opening - 1, closing - 1, label))
    return list(zip(*rows, strict=True))


OUT, BA, IA, BB, IB = ({tag: 0.9} for tag in range(5))


def test_clean_tags_are_read_as_they_are():
    assert decode(OUT, BA, IA, OUT, BB) == [(1, 2, 0), (4, 4, 1)]


def test_neighbouring_spans_are_told_apart():
    assert decode(BA, BA, IA) == [(0, 0, 0), (1, 2, 0)]


def test_a_span_may_begin_with_an_inner_tag():
    assert decode(OUT, IB, IB) == [(1, 2, 1)]


def test_no_span_is_an_answer_too():
    assert decode(OUT, OUT) == []
    assert spans_of(SpanDecoder(5), torch.zeros(0, 5)) == []


def test_the_surer_word_gives_the_span_its_label():
    sure, unsure = {BA_TAG: 0.98}, {IB_TAG: 0.5, IA_TAG: 0.3}
    assert decode(sure, unsure) == [(0, 1, 0)]


def test_an_outside_word_does_not_vote():
    # Its little mass on b would outvote the unsure span before it.
    assert decode({BA_TAG: 0.45, BB_TAG: 0.4}, {0: 0.6, IB_TAG: 0.39}) == [(0, 0, 0)]


def test_boundaries_sum_over_labels():
    # O is the likeliest tag, but inside is likelier than outside.
    assert decode({0: 0.4, BA_TAG: 0.3, BB_TAG: 0.3})[0][:2] == (0, 0)


def plain(scores):
    """The decoding's rules, word by word."""
    p = torch.softmax(scores.double(), dim=-1)
    both = (p[:, 1::2] + p[:, 2::2] + 1e-6).log()
    kinds = torch.stack([p[:, 0], p[:, 2::2].sum(1), p[:, 1::2].sum(1)], dim=1).argmax(1).tolist()
    found, open_from = [], None
    for word, kind in enumerate([*kinds, 0]):
        goes_on = kind == 1 and open_from is not None
        if open_from is not None and not goes_on:
            found.append((open_from, word - 1, int(both[open_from:word].sum(0).argmax())))
        open_from = None if kind == 0 else open_from if goes_on else word
    return found


@pytest.mark.parametrize("words", [1, 2, 40, 300])
def test_the_tensor_program_follows_the_rules_whatever_the_scores(words):
    scores = 3 * torch.randn(words, 9, generator=torch.Generator().manual_seed(words))
    assert spans_of(SpanDecoder(9), scores) == plain(scores)


BA_TAG, IA_TAG, BB_TAG, IB_TAG = 1, 2, 3, 4
