"""Texts that look alike are read alike, with spans in the bytes that were given."""

import unicodedata

import pytest

from edgetext.text.clusters import SCRIPTS
from edgetext.text.graph import TextGraph
from edgetext.text.vocabulary import Vocabulary

TEXTS = """
Việt Nam nghiêng đường phố điện thoại ở đâu ợ ữ ặ ệ
ẹ́kọ́ ọ̀nà ilẹ̀ ṣé
हिन्दी में क़लम सुबह बजे
東京タワーへ がんばれ ビートルズ パ
서울역에서 만나
wake me at the café, Müller
""".strip().split("\n")
FORMS = ["NFC", "NFD"]


def words(vocabulary, text):
    """Each word's bytes and the ids of its pieces."""
    encoding, raw = vocabulary.encode(text), text.encode()
    first = encoding.first.nonzero()[0].tolist()
    return [
        (
            raw[encoding.start[at] : encoding.end[after - 1]].decode(),
            encoding.ids[at:after].tolist(),
        )
        for at, after in zip(first, [*first[1:], len(encoding.ids)], strict=True)
    ]


@pytest.fixture(scope="module")
def kept():
    return Vocabulary.train(TEXTS, size=600, keep_accents=True, clusters=SCRIPTS, fold_width=True)


@pytest.fixture(scope="module")
def stripped():
    return Vocabulary.train(TEXTS, size=600)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", ["kept", "stripped"])
def test_canonically_equal_texts_have_the_same_pieces(name, text, request):
    vocabulary = request.getfixturevalue(name)
    composed, decomposed = (words(vocabulary, unicodedata.normalize(form, text)) for form in FORMS)
    assert [ids for _, ids in composed] == [ids for _, ids in decomposed]
    assert [unicodedata.normalize("NFD", word) for word, _ in composed] == [
        word for word, _ in decomposed
    ]
    assert all(1 not in ids for _, ids in composed)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["kept", "stripped"])
@pytest.mark.parametrize(
    "text",
    [
        "हिन्दी में सुबह बजे",
        "ẹ́kọ́ ilẹ̀ ṣé",
        "Việt điện đường phố",
        "the café , Müller",
        "♥\ufe0f 👩\u200d👩 a",
    ],
)
def test_a_word_has_all_that_stands_on_its_letters(name, form, text, request):
    text = unicodedata.normalize(form, text)
    found = [word for word, _ in words(request.getfixturevalue(name), text)]
    assert found == text.split(" ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ê\u0323", "ệ"),
        ("e\u0302\u0323", "ệ"),
        ("o\u0301\u0323", "ọ\u0301"),
        ("ｶﾞﾝ", "ガン"),
        ("ＷＡＫＥ　ｍｅ", "wake me"),
        ("wake\u200bme", "wake me"),
        ("ｔｈｅ ｃａｆé", "the café"),
    ],
)
def test_other_spellings_of_a_word(kept, one, other):
    assert [ids for _, ids in words(kept, one)] == [ids for _, ids in words(kept, other)]


def test_width_stays_where_it_is_not_folded(stripped):
    assert [ids for _, ids in words(stripped, "ｗａｋｅ")] == [[1]]


def test_text_of_ascii_alone_costs_a_vocabulary_without_accents_nothing():
    graph = TextGraph(Vocabulary.train(["wake me up"], size=60, keep_accents=True))
    assert (graph.parts, graph.rounds) == (1, 0)
    assert not hasattr(graph, "to_end")
