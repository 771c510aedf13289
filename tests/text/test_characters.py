"""Canonically equal characters have the same rules, and those of the normal form that is taught."""

import unicodedata

import numpy as np
import pytest

from edgetext.text.character_rules import SPACE
from edgetext.text.characters import Reading, combining_classes, exchange, rounds_of_exchange, rules
from edgetext.text.normalizer import NormalForms
from edgetext.text.unicode import POINTS, character_rules

CASES = [
    Reading(lowercase, keep_accents, True, width)
    for lowercase, keep_accents in ((True, False), (True, True), (False, False))
    for width in (False, True)
] + [
    Reading(True, False, True, False, True, True),
    Reading(False, False, True, True, True, True, ("GREEK",)),
]


# All of Unicode takes most of a second: `make test` has each value of each rule.
ALL_OF_UNICODE = [
    pytest.param(case, marks=[] if number in (0, 3, 4) else [pytest.mark.slow])
    for number, case in enumerate(CASES)
]


@pytest.mark.parametrize("reading", ALL_OF_UNICODE, ids=str)
def test_the_graph_and_the_reference_read_each_character_alike(reading):
    by_point, forms = rules(reading), NormalForms(reading)
    for point in POINTS:
        rule = by_point.get(point)
        expected = "" if rule is None else " " if rule.kind == SPACE else rule.text
        assert forms[chr(point)] == expected, hex(point)


@pytest.mark.parametrize("reading", CASES, ids=str)
def test_a_composed_letter_is_read_as_its_parts(reading):
    forms = NormalForms(reading)
    for point in POINTS:
        character = chr(point)
        if unicodedata.ucd_3_2_0.category(character) == "Cn":
            continue
        parts = unicodedata.normalize("NFD", character)
        assert forms[character] == "".join(map(forms.__getitem__, parts)), hex(point)


def test_an_older_vocabulary_has_the_librarys_own_rules():
    reading = Reading(True, True, False, False)
    assert rules(reading) is character_rules(True, False)


@pytest.mark.parametrize(
    ("character", "strips", "keeps"),
    [
        ("É", "e", "e\u0301"),
        ("ệ", "e", "e\u0323\u0302"),
        ("が", "か", "か\u3099"),
        ("한", "\u1112\u1161\u11ab", "\u1112\u1161\u11ab"),
        ("में"[1], "", "े"),
        ("Å", "a", "a\u030a"),
        ("≠", "=", "="),
        ("\u200b", " ", " "),
        ("Ａ", "ａ", "ａ"),
    ],
)
def test_what_characters_are_read_as(character, strips, keeps):
    assert NormalForms(Reading(True, False, True, False))[character] == strips
    assert NormalForms(Reading(True, True, True, False))[character] == keeps


@pytest.mark.parametrize(
    ("character", "form"),
    [("Ａ", "a"), ("９", "9"), ("！", "!"), ("ｶ", "カ"), ("ﾞ", "\u3099"), ("ｰ", "ー"), ("￥", "¥")],
)
def test_width_is_folded(character, form):
    assert NormalForms(Reading(True, True, True, True))[character] == form


@pytest.mark.parametrize(
    ("pieces", "rounds"),
    [
        (["cafe\u0301", "c\u0327a", "##n\u0303"], 0),
        (["e\u0323\u0302"], 1),
        (["e\u0301\u0300"], 0),
        (["ש\u05b8\u05bc\u05c1"], 3),
        (["o\u031b\u0323\u0301\u0308"], 3),
    ],
)
def test_pieces_tell_how_often_marks_change_places(pieces, rounds):
    assert rounds_of_exchange(pieces, combining_classes("".join(pieces))) == rounds


def test_three_marks_come_into_order():
    marks = "\u05c1\u05bc\u05b8"
    kinds = combining_classes(marks)
    classes = np.array([0, *(kinds[mark] for mark in marks), 0, kinds[marks[0]], 0])
    for _ in range(3):
        classes = classes[exchange(classes)]
    assert classes.tolist() == [0, *sorted(kinds.values()), 0, kinds[marks[0]], 0]
