"""The parts of a text that get a weight."""

import pytest

from edgetext.interpretation.units import mended, single_bytes, without, words


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("play 'x2' by A.B.", ["play", "'", "x2", "'", "by", "A", ".", "B", "."]),
        ("  in Zürich\t?\n", ["in", "Zürich", "?"]),
        ("cafe\u0301s", ["cafe\u0301s"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("東京でカード", ["東", "京", "で", "カー", "ド"]),
        ("กรุงเทพ", ["ก", "รุ", "ง", "เ", "ท", "พ"]),
        ("a😀b", ["a", "😀", "b"]),
        (" \n", []),
        ("", []),
    ],
)
def test_words_of_every_script(text, cut):
    data = text.encode()
    assert [data[start:end].decode() for start, end in words(data)] == cut


def test_a_broken_byte_is_a_word():
    assert words(b"\xff ab\xc3") == [(0, 1), (2, 4), (4, 5)]


def test_bytes_but_spaces():
    assert single_bytes("é a".encode()) == [(0, 1), (1, 2), (3, 4)]


def test_what_goes_leaves_all_else_in_its_place():
    assert without(b"fly to Rome", [(0, 3), (7, 11)]) == b"    to     "


def test_a_mended_text_says_where_its_bytes_were():
    text, origin = mended(b"\xff a\xc3\xa9")
    assert text == "\N{REPLACEMENT CHARACTER} aé"
    assert origin == [0, 0, 0, 1, 2, 3, 4, 5]
    assert len(origin) == len(text.encode()) + 1
