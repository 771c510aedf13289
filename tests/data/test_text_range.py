"""Where a piece of a text stands, in bytes and in code points."""

import dataclasses
import pickle

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Node, Sentence, Span

FAMILY = "👨\u200d👩\u200d👧"  # five code points that look like one


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("", "Rome", ""),
        ("in ", "Zürich", "?"),
        ("🙂 ", "São Paulo", " 🙂"),
        (f"{FAMILY} ", FAMILY, FAMILY),
        ("cafe\u0301 ", "re\u0301sume\u0301", "."),
        ("\ufeff", "東京", "駅"),
    ],
)
def test_code_points_are_those_of_python(before, words, after):
    text = before + words + after
    start = len(before.encode())
    span = Span("x", start, start + len(words.encode()), text.encode())
    assert span.text == words == text[span.char_start : span.char_end]
    assert (span.char_start, span.char_end) == (len(before), len(before) + len(words))


@pytest.mark.parametrize(
    ("content", "start", "end", "expected"),
    [
        (b"\xff\xfe Rome", 3, 7, (3, 7, "Rome")),  # each byte is one U+FFFD
        (b"\xf0\x9f Rome", 3, 7, (2, 6, "Rome")),  # two bytes of a character are one U+FFFD
        (b"\xe2( Rome\xc3", 3, 8, (3, 8, "Rome\ufffd")),
        ("Zürich".encode(), 0, 2, (0, 2, "Z\ufffd")),  # cut inside of a character
        (b"", 0, 1, (0, 0, "")),  # an empty text is read as one space
    ],
)
def test_what_is_no_utf8_counts_as_it_is_decoded(content, start, end, expected):
    span = Span("x", start, end, content)
    assert (span.char_start, span.char_end, span.text) == expected
    assert Span("x", start, end).place(content) == {
        "start": start,
        "end": end,
        "char_start": expected[0],
        "char_end": expected[1],
        "text": expected[2],
    }


@pytest.mark.parametrize("name", ["char_start", "char_end", "text"])
def test_a_range_without_its_text_says_so(name):
    with pytest.raises(EdgetextError, match="bytes 3 to 7 are of a text that is not kept"):
        getattr(Span("x", 3, 7), name)


@pytest.mark.parametrize(
    "known", [Span("x", 0, 2, b"abc"), Node("x", 0, 2, 1, b"abc"), Sentence(0, 2, 0.5, b"abc")]
)
def test_the_text_is_no_part_of_what_is_compared_or_shown(known):
    bare = dataclasses.replace(known, content=None)
    assert known == bare and hash(known) == hash(bare) and repr(known) == repr(bare)
    assert pickle.loads(pickle.dumps(known)).text == "ab"
