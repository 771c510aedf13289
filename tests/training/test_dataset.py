"""Byte spans as tags at first pieces, and batches."""

import pytest
import torch

from edgetext.data.example import Example, Span
from edgetext.errors import EdgetextError
from edgetext.models.spans import SpanDecoder
from edgetext.text.vocabulary import Vocabulary
from edgetext.training.dataset import (
    IGNORE,
    EncodedSet,
    align,
    collect_labels,
    cut_words,
    encode_cut,
    word_bounds,
)
from edgetext.training.evaluation import read_spans

LABELS = {"intent": ["go"], "tags": ["O", "B-a", "I-a", "B-b", "I-b"]}
TAG_IDS = {name: i for i, name in enumerate(LABELS["tags"])}


@pytest.fixture
def vocabulary():
    return Vocabulary.train(["to the café de flore", "don't go"], size=60, lowercase=True)


def tags_at_words(vocabulary, text, *spans):
    encoding = vocabulary.encode(text)
    tags = align(Example(text, "go", spans), encoding, TAG_IDS)
    assert (tags[~encoding.first] == IGNORE).all()
    return [LABELS["tags"][t] for t in tags[encoding.first]]


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
    scores = torch.nn.functional.one_hot(tags, 5).float() * 9
    assert read_spans(SpanDecoder(5), scores, encoding, LABELS) == spans


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


def test_an_epoch_holds_every_row_once_and_pads_little(vocabulary):
    examples = [Example("to " * (1 + i % 9), "go", (), str(i)) for i in range(200)]
    data = EncodedSet(examples, vocabulary, LABELS, 512)
    rows = data.row_batches(8, torch.Generator().manual_seed(1))
    assert sorted(torch.cat(rows).tolist()) == list(range(200))
    again = data.row_batches(8, torch.Generator().manual_seed(1))
    assert all(torch.equal(a, b) for a, b in zip(rows, again, strict=True))
    padding = sum(int((~b.mask).sum()) for b in data.batches(8, torch.Generator()))
    assert padding < 0.05 * int(data.length.sum())


@pytest.mark.parametrize(
    ("example", "word"),
    [
        (Example("to", "stay", (), "f:7"), "f:7.*'stay'"),
        (Example("to", "go", (Span("c", 0, 2),), "f:8"), "f:8.*'c'"),
    ],
)
def test_a_label_that_training_never_saw_names_its_line(vocabulary, example, word):
    with pytest.raises(EdgetextError, match=word):
        EncodedSet([example], vocabulary, LABELS, 512)


def test_labels_of_a_split():
    examples = [Example("x", "b", (Span("s", 0, 1),)), Example("y", "a", (Span("r", 0, 1),))]
    assert collect_labels(examples, "joint") == {
        "intent": ["a", "b"],
        "tags": ["O", "B-r", "I-r", "B-s", "I-s"],
    }
    assert collect_labels(examples, "classify")["tags"] == []
    with pytest.raises(EdgetextError, match="at least 2"):
        collect_labels(examples[:1], "joint")
    with pytest.raises(EdgetextError, match="slot"):
        collect_labels([Example("x", "a"), Example("x", "b")], "joint")
    with pytest.raises(EdgetextError, match=r"f:3.*no intent"):
        collect_labels([Example("x", None, (), "f:3")], "joint")


def test_a_text_of_dropped_characters_has_no_words(vocabulary):
    encoding = encode_cut(vocabulary, "\u200b\u200b", 512)
    start, end = word_bounds(encoding)
    assert len(start) == len(end) == 0
