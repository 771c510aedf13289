"""Byte spans as tags at first pieces, and back."""

import pytest
import torch

from edgetext.data.example import Example, Span
from edgetext.models.decoders.labels import TagDecoder
from edgetext.tasks.answers.labels import read_spans
from edgetext.tasks.learning import encode_cut
from edgetext.tasks.words import IGNORE, align, cut_words, word_bounds
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.evaluation import words_of

TAGS = ["O", "B-a", "I-a", "B-b", "I-b"]
TAG_IDS = {name: i for i, name in enumerate(TAGS)}


@pytest.fixture
def vocabulary():
    return Vocabulary.train(["to the café de flore", "don't go"], size=60, lowercase=True)


def tags_at_words(vocabulary, text, *spans):
    encoding = vocabulary.encode(text)
    tags = align(Example(text, "go", spans), encoding, TAG_IDS)
    assert (tags[~encoding.first] == IGNORE).all()
    return [TAGS[t] for t in tags[encoding.first]]


def test_spans_become_bio_at_first_pieces(vocabulary):
    text = "to Café de Flore now"
    assert tags_at_words(vocabulary, text, Span("a", 3, 17)) == ["O", "B-a", "I-a", "I-a", "O"]


def test_a_word_with_punctuation_is_several_words(vocabulary):
    assert tags_at_words(vocabulary, "don't go", Span("b", 0, 5)) == ["B-b", "I-b", "I-b", "O"]


def test_neighbours_of_one_label_stay_two_spans(vocabulary):
    spans = (Span("a", 0, 2), Span("a", 3, 6))
    assert tags_at_words(vocabulary, "to the de", *spans) == ["B-a", "B-a", "O"]


@pytest.mark.parametrize(
    "spans",
    [
        (Span("a", 3, 17),),
        (Span("a", 0, 2), Span("a", 3, 8), Span("b", 9, 17)),
        (),
        (Span("b", 0, 21),),
    ],
)
def test_aligned_and_decoded_spans_are_the_same(vocabulary, spans):
    text = "to Café de Flore now"
    encoding = vocabulary.encode(text)
    tags = torch.from_numpy(align(Example(text, "go", spans), encoding, TAG_IDS)[encoding.first])
    scores = torch.zeros(1, len(encoding.ids), 5)
    scores[0, encoding.first] = torch.nn.functional.one_hot(tags, 5).float() * 9
    (found,) = TagDecoder(5)({"tags": scores}, *words_of(encoding))
    assert read_spans(found.numpy(), ["a", "b"], text.encode()) == spans


def test_a_span_that_cuts_a_word_is_reported(vocabulary):
    good = Example("to the café", "go", (Span("a", 7, 12),), "f:1")
    bad = Example("to the café", "go", (Span("a", 8, 12),), "f:2")
    assert cut_words([good], vocabulary) == []
    (problem,) = cut_words([good, bad], vocabulary)
    assert problem.startswith("f:2") and "'afé'" in problem


@pytest.mark.parametrize(
    ("max_bytes", "seen"),
    [(100, "to the café"), (13, "to the café"), (11, "to the caf"), (10, "to the caf"), (2, "to")],
)
def test_long_texts_are_cut_at_a_character_as_the_artifact_cuts_them(vocabulary, max_bytes, seen):
    cut, expected = encode_cut(vocabulary, "to the café", max_bytes), vocabulary.encode(seen)
    assert cut.ids.tolist() == expected.ids.tolist()
    assert cut.end.tolist() == expected.end.tolist()


def test_a_text_of_dropped_characters_has_no_words(vocabulary):
    encoding = encode_cut(vocabulary, "\u200b\u200b", 512)
    start, end = word_bounds(encoding)
    assert len(start) == len(end) == 0


def test_a_span_that_touches_no_word_or_more_than_the_text_gives_the_words_inside(vocabulary):
    text = " to  the de "
    assert tags_at_words(vocabulary, text, Span("a", 3, 5)) == ["O", "O", "O"]
    assert tags_at_words(vocabulary, text, Span("a", 0, 0)) == ["O", "O", "O"]
    assert tags_at_words(vocabulary, text, Span("a", 4, 60)) == ["O", "B-a", "I-a"]
    assert tags_at_words(vocabulary, "", Span("a", 0, 5)) == []
