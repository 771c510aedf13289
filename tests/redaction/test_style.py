"""Placeholders: forms, hashes, numbers, and the map back."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.redaction.style import Style, read_map


def test_a_form_has_the_label_in_its_place():
    assert Style("<LABEL>").placeholder("CARD", b"1") == b"<CARD>"
    assert Style("[LABEL removed]").placeholder("CARD", b"1") == b"[CARD removed]"
    assert Style("***").placeholder("CARD", b"1") == b"***"


def test_a_hash_is_that_of_key_label_and_value():
    one, other = Style("hash", b"key"), Style("hash", b"other key")
    first = one.placeholder("PERSON", b"Anna")
    assert first == b"<PERSON:" + first[8:20] + b">" and len(first) == 21
    assert (
        first
        == one.placeholder("PERSON", b"Anna")
        == Style("hash", b"key").placeholder("PERSON", b"Anna")
    )
    different = {
        first, one.placeholder("PERSON", b"anna"), one.placeholder("USERNAME", b"Anna"),
        other.placeholder("PERSON", b"Anna"),
    }  # fmt: skip
    assert len(different) == 4
    assert b"Anna" not in first


@pytest.mark.parametrize("form", ["<LABEL>", "hash", "{{LABEL}}"])
def test_a_map_has_one_placeholder_a_value(form, tmp_path):
    style = Style(form, b"key", mapped=True)
    values = [b"Anna", b"Ben", b"Anna", b"\xff\xfe", "Zoë".encode()]
    placeholders = [style.placeholder("PERSON", value) for value in values]
    assert placeholders[0] == placeholders[2] and len(set(placeholders)) == 4
    path = tmp_path / "map.json"
    path.write_text(style.as_json(), "utf-8")
    pattern, known = read_map(path)
    assert [known[p] for p in placeholders] == values
    assert all(pattern.fullmatch(p) for p in placeholders)
    if form == "<LABEL>":
        assert placeholders[:2] == [b"<PERSON_1>", b"<PERSON_2>"]


@pytest.mark.parametrize("form", ["LABEL", "***", "<LABEL><LABEL>", "xLABELx", "<LABEL", "-LABEL-"])
def test_a_form_that_could_not_be_read_back_is_refused_for_a_map(form):
    Style(form)
    with pytest.raises(EdgetextError, match="a map needs"):
        Style(form, mapped=True)


def test_an_empty_key_or_form_is_refused():
    with pytest.raises(EdgetextError, match="the key of the hashes is empty"):
        Style("hash", b"")
    for form in ("", "a\nLABEL"):
        with pytest.raises(EdgetextError, match="give one line, as <LABEL>"):
            Style(form)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"with": 1}', '{"with": "<LABEL>", "values": 3}']
)
def test_a_file_that_is_no_map_is_refused(tmp_path, content):
    path = tmp_path / "map.json"
    path.write_text(content)
    with pytest.raises(EdgetextError, match=r"map.json: this is no map of placeholders"):
        read_map(path)
    assert json.loads(Style("<LABEL>", mapped=True).as_json()) == {"with": "<LABEL>", "values": {}}


def test_labels_of_any_characters_can_be_read_back():
    style = Style("<LABEL>", mapped=True)
    placeholders = [style.placeholder(label, b"x") for label in ("a b", "a>b", "größe", "a_b")]
    assert placeholders == [b"<a_b_1>", b"<a_b_2>", "<größe_1>".encode(), b"<a_b_3>"]
    assert all(style.literal().fullmatch(p) for p in placeholders)
