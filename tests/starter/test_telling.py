"""What the texts and the labeled spans tell of the recipe that suits them."""

import unicodedata

import pytest

from edgetext.data.example import Example, Span
from edgetext.starter.telling import (
    capitals_tell,
    marks_are_letters,
    unlike_in_use,
    values_are_open,
)


def example(text, *values):
    raw = text.encode()
    spans = ((raw.index(value.encode()), value.encode()) for value in values)
    return Example(text, None, tuple(Span("x", at, at + len(value)) for at, value in spans), "a:1")


@pytest.mark.parametrize(
    ("examples", "tell"),
    [
        ([("Yesterday Ada met Émile", "Ada", "Émile")], True),
        ([("yesterday ada met emile", "ada", "emile")], False),
        ([("Yesterday Ada Met Émile There", "Ada", "Émile")], False),
        ([("Ada met them", "Ada")], False),  # as every sentence begins
        ([("東京 で 会う", "東京")], False),
        ([("",), ("go",)], False),
    ],
)
def test_capitals_tell_where_words_outside_have_none(examples, tell):
    assert capitals_tell([example(*each) for each in examples]) is tell


def labeled(text, labels):
    """Give each word of a text a span of its own."""
    spans, at = [], 0
    for word, label in zip(text.split(), labels.split(), strict=True):
        spans.append(Span(label, at, at + len(word)))
        at += len(word) + 1
    return Example(text, None, tuple(spans), "a:1")


@pytest.mark.parametrize(
    ("text", "labels", "tell"),
    [
        ("yesterday Ada met Émile", "ADV PROPN VERB PROPN", True),
        ("yesterday ada met emile", "ADV PROPN VERB PROPN", False),
        ("Yesterday Ada Met Émile There", "ADV PROPN VERB PROPN ADV", False),
    ],
)
def test_capitals_tell_where_every_word_has_a_label(text, labels, tell):
    assert capitals_tell([labeled(text, labels)]) is tell


def test_capitals_of_a_rare_label_are_chance():
    rare = labeled("we say OK", "PRON VERB INTJ")
    assert capitals_tell([rare])
    assert not capitals_tell([rare, *[labeled("we all go home", "PRON PRON VERB NOUN")] * 100])


def test_values_are_open_where_many_come_once():
    names = [example(f"call Ada{i}", f"Ada{i}") for i in range(20)]
    days = [example(f"wake me on {day}", day) for day in ("Monday", "Friday") * 40]
    assert values_are_open(names + days)
    assert not values_are_open(names[:5] + days)
    assert not values_are_open([example("go")])


@pytest.mark.parametrize(
    ("texts", "are"),
    [
        (["मुझे दिल्ली जाना है", "वेळ काय आहे"], True),
        (["東京タワーへ行きたい", "ビートルズをかけて"], True),
        ([unicodedata.normalize("NFD", "ビートルズをかけて")], True),
        (["ปลุกฉันตอนหกโมง"], True),
        (["call José", "call José", "Grüße aus Køge", "мой адрес"], False),
        (["שָׁלוֹם", "مُحَمَّد"], False),
        (["東京 서울", "go ☎️"], False),
        (["call नीता", *["call Ada"] * 200], False),
        ([], False),
    ],
)
def test_marks_are_letters_in_scripts_that_write_vowels_or_voice_with_them(texts, are):
    assert marks_are_letters([example(text) for text in texts]) is are


@pytest.mark.parametrize(
    ("rest", "share"), [("oos", {"oos": 0.1}), ("out_of_scope", {"out_of_scope": 0.1}), ("c", {})]
)
def test_texts_that_are_about_nothing_known_come_more_often_than_their_examples(rest, share):
    few = [Example("x", label, (), "a:1") for label in ["a", "b"] * 30 + [rest]]
    assert unlike_in_use(few) == share
    assert unlike_in_use([*few, *[Example("x", rest, (), "a:1")] * 20]) == {}
