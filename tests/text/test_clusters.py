"""Letters and signs of scripts without spaces, and what words they make."""

import pytest

from edgetext.text.clusters import LETTERS, SIGNS
from edgetext.text.graph import TextGraph
from edgetext.text.unicode import WORD, character_rules
from edgetext.text.vocabulary import Vocabulary

TEXTS = ["ปลุกฉันตอนเจ็ดโมงเช้า", "พรุ่งนี้ตี 5", "wake me up"]


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.train(TEXTS, size=200, keep_accents=True, clusters=True)


def words(vocabulary, text):
    encoding = vocabulary.encode(text)
    raw = text.encode()
    starts = encoding.start[encoding.first].tolist()
    return [
        raw[start:end].decode().rstrip()
        for start, end in zip(starts, [*starts[1:], len(raw)], strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ปลุกฉัน", ["ป", "ลุ", "ก", "ฉั", "น"]),
        ("พรุ่งนี้ตี5ok", ["พ", "รุ่", "ง", "นี้", "ตี", "5ok"]),
        ("น้ำเก่า", ["น้ำ", "เ", "ก่า"]),
        ("ok่ก", ["ok่", "ก"]),
        ("wake up", ["wake", "up"]),
    ],
)
def test_a_letter_begins_a_word_and_its_signs_go_on(vocabulary, text, expected):
    assert words(vocabulary, text) == expected


def test_spaces_between_thai_words_change_nothing_but_offsets(vocabulary):
    joined, spaced = vocabulary.encode("ปลุกฉันตอนเช้า"), vocabulary.encode("ปลุก ฉัน ตอน เช้า")
    assert joined.ids.tolist() == spaced.ids.tolist()
    assert joined.first.tolist() == spaced.first.tolist()


def test_one_unknown_letter_leaves_its_neighbours_known(vocabulary):
    ids = vocabulary.encode("ปลุกฌฉัน").ids.tolist()
    assert ids.count(1) == 1 and ids[:4] == vocabulary.encode("ปลุก").ids.tolist()


def test_letters_and_signs_are_parts_of_words_in_the_reference():
    for strip in (True, False):
        rules = character_rules(True, strip)
        kept = [c for c in LETTERS | SIGNS if ord(c) in rules]
        assert {rules[ord(c)].kind for c in kept} == {WORD}
    assert not LETTERS & SIGNS and (len(LETTERS), len(SIGNS)) == (234, 130)


def test_a_vocabulary_without_clusters_has_the_same_graph_as_before(vocabulary):
    plain = Vocabulary(vocabulary.pieces, keep_accents=True)
    graph = TextGraph(plain)
    assert graph.last_letter == graph.last_sign == graph.last_isolated
    assert words(plain, "ปลุกฉัน") == ["ปลุกฉัน"]


def test_a_header_keeps_how_words_are_formed(vocabulary):
    again = Vocabulary.from_header(vocabulary.to_header())
    assert again.rules == {"lowercase": True, "keep_accents": True, "clusters": True}
    old = {"pieces": vocabulary.pieces, "lowercase": False}
    assert Vocabulary.from_header(old).rules == {
        "lowercase": False,
        "keep_accents": False,
        "clusters": False,
    }


def test_accents_are_kept_though_case_is_folded(vocabulary):
    assert vocabulary.normalize("CAFÉ ที่") == "café ที่"
