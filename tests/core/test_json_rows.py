"""Rows of JSON in a file that grows."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.core.json_rows import append_row, read_rows


def test_what_was_added_is_read_and_a_line_cut_short_goes(tmp_path):
    path = tmp_path / "rows.jsonl"
    for number in (1, 2):
        append_row(path, {"n": number, "text": "é"}, "the rows")
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"n": 3, "te')
    assert read_rows(path, lambda row: row["n"], "row") == [1, 2]
    assert path.read_bytes() == whole


@pytest.mark.parametrize("line", ['{"m": 1}', "{", "7"])
def test_a_line_of_another_kind_is_named(tmp_path, line):
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"n": 1}}\n{line}\n')
    with pytest.raises(EdgetextError, match=r"rows\.jsonl:2: this line is no row; give another"):
        read_rows(path, lambda row: row["n"], "row")


def test_where_nothing_can_be_written_is_said(tmp_path):
    sentence = r"the rows cannot be written .*; choose another folder"
    with pytest.raises(EdgetextError, match=sentence):
        append_row(tmp_path / "none" / "rows.jsonl", 1, "the rows")
