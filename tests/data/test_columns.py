"""What columns hold, told from their cells."""

import pytest

from edgetext.data.columns import Column


@pytest.mark.parametrize(
    ("name", "cells", "words"),
    [
        ("topic", ["a", "b"] * 10, ""),
        ("lang", ["en"] * 20, "1 kind"),
        ("text", [f"go {i}" for i in range(20)], "20 kinds in 20 rows"),
        ("topic", ["a", "b"] * 9 + ["", "nan"], "2 of 20 are empty"),
        ("few", ["a", "b", "c"], ""),
    ],
)
def test_a_poor_label_says_why(name, cells, words):
    column = Column(0, name, cells)
    assert column.poor.startswith(words) and bool(column.poor) == bool(words)


def test_what_tells_rows_apart_is_no_label():
    assert Column(0, None, ["1", "2", "3"]).counts_rows
    assert Column(0, "id", ["a1", "b2"]).counts_rows
    assert not Column(0, "id", ["a1", "a1"]).counts_rows
    assert not Column(0, "topic", ["a", "b"]).counts_rows


def test_a_column_is_called_by_its_name_or_its_place():
    assert str(Column(2, None, ["x", "y", "x"])) == "column 2 (2 kinds, as 'x')"
    assert str(Column(2, "lang", ["en"] * 9)) == "lang (1 kind, 'en')"
