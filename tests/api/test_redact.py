"""`edgetext.redact`."""

import pytest

import edgetext

TEXT = "is it cold in Zürich tomorrow?"


def test_text_in_text_out_and_spans_of_the_given_one(joint):
    got = edgetext.redact(TEXT, joint)
    assert got.text == "is it cold in <city> <day>?"
    assert [(s.label, s.text, s.char_start) for s in got.spans] == [
        ("city", "Zürich", 14), ("day", "tomorrow", 21),
    ]  # fmt: skip
    assert edgetext.redact(TEXT.encode(), edgetext.load(joint)).text == got.text.encode()


def test_a_map_and_hashes(joint):
    got = edgetext.redact(f"{TEXT} {TEXT}", joint, mapped=True)
    assert got.text == "is it cold in <city_1> <day_1>? is it cold in <city_1> <day_1>?"
    assert got.values == {"<city_1>": "Zürich", "<day_1>": "tomorrow"}
    hashed = edgetext.redact(TEXT, joint, "hash", key=b"secret")
    assert hashed.text == edgetext.redact(TEXT, joint, "hash", key=b"secret").text
    assert hashed.text != edgetext.redact(TEXT, joint, "hash", key=b"another").text
    with pytest.raises(edgetext.EdgetextError, match="the key of the hashes is empty"):
        edgetext.redact(TEXT, joint, "hash")
