"""Offsets in each unit, as bytes."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.offsets import UNITS, byte_offsets, graphemes, length_in
from edgetext.data.reader import make_example

FAMILY = "👩‍👩‍👧"
TEXT = f"é {FAMILY} 🇳🇴🇸🇪 e\u0301 각 Oslo"


@pytest.mark.parametrize(("unit", "start"), list(zip(UNITS, (18, 47, 25, 11), strict=True)))
def test_one_span_in_every_unit(unit, start):
    assert length_in(TEXT, unit) == start + 4
    example = make_example(TEXT, None, [("city", start, start + 4)], "f:1", unit)
    (span,) = example.spans
    assert TEXT.encode()[span.start : span.end] == b"Oslo"


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("a\r\nb", ["a", "\r\n", "b"]),
        ("👍🏽!", ["👍🏽", "!"]),
        ("🇳🇴🇸🇪", ["🇳🇴", "🇸🇪"]),
        ("नमस्ते", ["न", "म", "स्", "ते"]),
        ("\u1112\u1161\u11ab한", ["\u1112\u1161\u11ab", "한"]),
        (f"{FAMILY}{FAMILY}", [FAMILY, FAMILY]),
    ],
)
def test_graphemes(text, clusters):
    assert list(graphemes(text)) == clusters


def test_an_offset_inside_a_character_is_named():
    with pytest.raises(EdgetextError, match="cuts a character in two"):
        make_example("🙂 go", None, [("a", 1, 3)], "f:1", "utf16")
    with pytest.raises(EdgetextError, match="which has 5 utf16"):
        make_example("🙂 go", None, [("a", 3, 6)], "f:1", "utf16")


def test_offsets_of_ascii_are_the_same_in_every_unit():
    assert all(byte_offsets("go on", unit) == list(range(6)) for unit in UNITS)
