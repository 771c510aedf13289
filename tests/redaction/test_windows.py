"""Texts longer than a model reads: nothing is lost or found twice at a cut."""

import random
import re

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.predictor import load
from edgetext.redaction.windows import LITERAL, Finder

FILL = ["to", "be", "written", "é", "東京", "and", "x" * 20, "\t"]
NAMES = ["Anna", "Anna Koch", "4242 4242 4242 4242"]


def text_of(rng, size):
    """(text, the names in it)"""
    parts, names = [], []
    for _ in range(size):
        if rng.random() < 0.3:
            names.append(rng.choice(NAMES))
            parts.append(names[-1] + ",")
        else:
            parts.append(rng.choice(FILL))
    return " ".join(parts), names


def test_every_name_of_long_texts_is_found_once(words):
    rng = random.Random(4)
    for size in (1, 5, 20, 100, 400):
        for _ in range(20):
            text, names = text_of(rng, size)
            assert [s.text for s in Finder(words).spans(text.encode())] == names
    assert words.longest <= 64


def test_texts_together_have_the_spans_that_each_has_alone(words):
    rng = random.Random(9)
    texts = [text_of(rng, size)[0].encode() for size in (1, 0, 400, 5, 100, 1, 20)]
    together = Finder(words).spans_of(texts)
    assert words.together > 1
    assert together == [Finder(words).spans(text) for text in texts]
    assert [s.text for s in together[2]] == [s.text for s in Finder(words).spans(texts[2])]
    assert Finder(words).spans_of([]) == []


def test_a_window_with_too_many_pieces_is_read_in_parts(words):
    class Cut(type(words)):
        def predict_many(self, texts):
            answers = super().predict_many(texts)
            for answer in answers:
                answer.spans, answer.truncated = [], True
            return answers

    assert [len(x) for x in Finder(Cut()).spans_of([b"Anna", b"no", b"Anna"])] == [1, 0, 1]


def test_chunks_change_nothing(words):
    rng = random.Random(5)
    data = text_of(rng, 300)[0].encode()
    whole = Finder(words).spans(data)
    for size in (1, 7, 64, 1000):
        at, found = 0, []
        chunks = (data[start : start + size] for start in range(0, len(data), size))
        for part, spans in Finder(words).parts(chunks):
            assert data[at : at + len(part)] == part
            found += [(s.label, at + s.start, at + s.end) for s in spans]
            at += len(part)
        assert at == len(data)
        assert found == [(s.label, s.start, s.end) for s in whole]


def test_a_text_without_blanks_is_read_to_its_end(words):
    data = b"ab" * 500 + b"Anna" + b"cd" * 500 + b"Anna"
    # A name inside a run is the run, as far as a window sees it.
    first, last = Finder(words).spans(data)
    assert first.start <= 1000 and 1004 <= first.end < 1100
    assert 1900 < last.start <= 2004 and last.end == 2008


def test_bytes_that_are_no_text_pass(words):
    rng = random.Random(6)
    for _ in range(30):
        noise = bytes(rng.choices(range(128, 256), k=rng.randrange(300)))
        data = noise + b" Anna " + noise
        assert [s.start for s in Finder(words).spans(data)] == [len(noise) + 1]


def test_what_is_held_does_not_grow_with_the_text(words):
    finder = Finder(words)
    longest = max(len(part) for part, _ in finder.parts(b"to be Anna " * 9 for _ in range(500)))
    assert longest <= 64


def test_literals_go_before_the_models_spans(words):
    finder = Finder(words, re.compile(rb"<Anna_\d>"))
    spans = finder.spans(b"Anna <Anna_1> Anna")
    assert [(s.label, s.text) for s in spans] == [
        ("PERSON", "Anna"), (LITERAL, "<Anna_1>"), ("PERSON", "Anna"),
    ]  # fmt: skip


@pytest.mark.parametrize("size", [0, 1, 3])
def test_blank_texts_ask_no_model(words, size):
    assert Finder(words).spans(b" " * size) == []
    assert words.longest == 0


def test_a_real_model_finds_what_stands_far_on(joint):
    text = "is it cold in Oslo today? " * 20
    spans = Finder(load(joint)).spans(text.encode())
    assert [s.text for s in spans] == ["Oslo", "today"] * 20


def test_a_model_without_spans_is_refused(classify):
    with pytest.raises(EdgetextError, match="finds no labeled spans in a text; give a model"):
        Finder(load(classify))
