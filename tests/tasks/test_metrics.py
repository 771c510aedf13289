"""Metrics against their published definitions."""

import random

import pytest

from edgetext.data.example import Span
from edgetext.tasks.metrics import accuracy, frame_accuracy, span_scores, token_accuracy

TAGS = ["O", "B-x", "I-x", "B-y", "I-y"]


def random_tags(rng, sentences=40):
    return [[rng.choice(TAGS) for _ in range(rng.randint(1, 12))] for _ in range(sentences)]


def spans_from_tags(tags, start, end):
    """Merge one BIO tag a word into spans over the words' byte offsets.

    seqeval's default reading: B-x begins a span; I-x goes on with an x span that reaches the word
    before, and begins one otherwise.
    """
    spans = []
    open_label = None
    for tag, first, last in zip(tags, start, end, strict=True):
        prefix, _, label = tag.partition("-")
        if prefix == "I" and label == open_label:
            spans[-1] = Span(label, spans[-1].start, int(last))
        elif tag != "O":
            spans.append(Span(label, int(first), int(last)))
        open_label = None if tag == "O" else label
    return tuple(spans)


def spans(tags):
    # One byte a word with a gap, as in "a b c".
    return spans_from_tags(tags, range(0, 2 * len(tags), 2), range(1, 2 * len(tags), 2))


@pytest.mark.parametrize("seed", range(20))
def test_span_f1_equals_seqeval(seed):
    from seqeval.metrics import f1_score

    rng = random.Random(seed)
    gold = random_tags(rng)
    predicted = [[t if rng.random() < 0.7 else rng.choice(TAGS) for t in line] for line in gold]
    score, _ = span_scores(map(spans, gold), map(spans, predicted))
    assert score.f1 == pytest.approx(f1_score(gold, predicted))


@pytest.mark.parametrize("seed", range(20))
def test_spans_equal_seqevals_chunks(seed):
    from seqeval.metrics.sequence_labeling import get_entities

    for tags in random_tags(random.Random(seed)):
        chunks = [Span(label, 2 * a, 2 * b + 1) for label, a, b in get_entities(tags)]
        assert list(spans(tags)) == chunks


def test_no_spans_at_all_score_zero():
    assert span_scores([()], [()])[0].f1 == 0.0


def test_a_label_table_counts_each_label():
    gold = [(Span("x", 0, 1), Span("y", 2, 3)), (Span("x", 0, 5),)]
    predicted = [(Span("x", 0, 1),), (Span("x", 0, 4),)]
    overall, labels = span_scores(gold, predicted)
    assert (overall.precision, overall.recall, overall.support) == (0.5, pytest.approx(1 / 3), 3)
    assert (labels["x"].f1, labels["x"].support) == (0.5, 2)
    assert (labels["y"].f1, labels["y"].support) == (0.0, 1)


def test_accuracy_and_frames():
    assert accuracy(["a", "b"], ["a", "a"]) == 0.5
    span = Span("x", 0, 1)
    gold = [("a", (span,)), ("b", ()), ("b", (span,))]
    assert frame_accuracy(gold, [("a", (span,)), ("a", ()), ("b", ())]) == pytest.approx(1 / 3)


def test_a_token_counts_where_it_begins():
    gold = [(Span("a", 0, 2), Span("b", 2, 5), Span("c", 6, 7))]
    assert token_accuracy(gold, gold) == 1
    assert token_accuracy(gold, [(Span("a", 0, 5), Span("c", 6, 7))]) == pytest.approx(2 / 3)
    assert token_accuracy(gold, [(Span("b", 3, 5),)]) == 0
    assert token_accuracy([()], [()]) == 0
