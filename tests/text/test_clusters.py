"""Letters and signs of scripts without spaces, and what words they make."""

import pytest

from edgetext.text.character_rules import WORD
from edgetext.text.clusters import (
    AUTO,
    FIRST_SCRIPTS,
    SCRIPTS,
    SPACELESS,
    chosen_scripts,
    letters,
    signs,
)
from edgetext.text.graph import TextGraph
from edgetext.text.unicode import character_rules
from edgetext.text.vocabulary import Vocabulary

TEXTS = ["ปลุกฉันตอนเจ็ดโมงเช้า", "พรุ่งนี้ตี 5", "wake me up"]


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.train(TEXTS, size=200, keep_accents=True, clusters=SCRIPTS)


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
        ("さくらって", ["さ", "く", "ら", "っ", "て"]),
        ("東京タワーへ", ["東", "京", "タ", "ワー", "へ"]),
        ("きゃりー", ["きゃ", "りー"]),
        ("か\u3099んばﾊﾟ", ["か\u3099", "ん", "ば", "ﾊﾟ"]),
        ("서울역에서", ["서", "울", "역", "에", "서"]),
        ("\u1109\u1165\u110b\u116e\u11af", ["\u1109\u1165", "\u110b\u116e\u11af"]),
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
        kept = [c for c in letters(SCRIPTS) | signs(SCRIPTS) if ord(c) in rules]
        assert {rules[ord(c)].kind for c in kept} == {WORD}
    assert not letters(SCRIPTS) & signs(SCRIPTS)
    assert (len(letters(FIRST_SCRIPTS)), len(signs(FIRST_SCRIPTS))) == (234, 130)


def test_a_vocabulary_without_clusters_has_the_same_graph_as_before(vocabulary):
    plain = Vocabulary(vocabulary.pieces, keep_accents=True)
    graph = TextGraph(plain)
    assert graph.last_letter == graph.last_sign == graph.last_isolated
    assert words(plain, "ปลุกฉัน") == ["ปลุกฉัน"]


def test_a_header_keeps_how_words_are_formed(vocabulary):
    again = Vocabulary.from_header(vocabulary.to_header())
    assert again.rules == vocabulary.rules and again.clusters == SCRIPTS


@pytest.mark.parametrize(("clusters", "scripts"), [({}, ()), ({"clusters": True}, FIRST_SCRIPTS)])
def test_a_header_of_an_older_release_keeps_its_words(vocabulary, clusters, scripts):
    old = {"pieces": vocabulary.pieces, "lowercase": False, **clusters}
    again = Vocabulary.from_header(old)
    assert again.rules == {
        "lowercase": False,
        "keep_accents": False,
        "clusters": scripts,
        "canonical": False,
        "fold_width": False,
        "look_alikes": False,
        "own_scripts": (),
    }
    assert again.to_header() == {
        "keep_accents": False,
        "word_pieces": 32,
        **old,
        "clusters": bool(scripts),
    }
    assert words(again, "さくら") == ["さくら"]


@pytest.mark.parametrize(
    ("choice", "texts", "scripts"),
    [
        (AUTO, ["wake me", "さくら"], ("kana",)),
        (AUTO, ["ปลุกฉัน", "カ"], ("thai", "kana")),
        (AUTO, ["東京", "한국어", "naïve"], ()),
        (AUTO, [], ()),
        (AUTO, None, SPACELESS),
        (True, ["wake me"], SPACELESS),
        (False, ["さくら"], ()),
        (["hangul", "kana"], [], ("kana", "hangul")),
    ],
)
def test_which_scripts_have_clusters(choice, texts, scripts):
    assert chosen_scripts(choice, texts) == scripts


def test_accents_are_kept_though_case_is_folded(vocabulary):
    assert vocabulary.normalize("CAFÉ ที่") == "cafe\u0301 ที่"
