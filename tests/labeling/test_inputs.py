"""Which columns hold the texts, and which files are read."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.labeling.inputs import STDIN, Columns, check_files, fields_of, source_of

ONE, TWO = ("text",), ("text", "text_b")


@pytest.fixture
def fields(tmp_path):
    """fields(header, inputs, columns) -> the columns that are taken of a table with that header."""

    def take(header, inputs=ONE, **columns):
        file = tmp_path / "t.csv"
        file.write_text(header + "\n")
        source = source_of("csv", [file], Columns(**columns), inputs)
        return fields_of(source, Columns(**columns), inputs)

    return take


def test_what_is_clear_is_guessed(fields):
    assert fields("id,text") == ("text",)
    assert fields("id,Text") == ("Text",)
    assert fields("utterance") == ("utterance",)
    assert fields("text,text_b,label", TWO) == TWO
    assert fields("text,other", TWO, text_b="other") == ("text", "other")


@pytest.mark.parametrize(
    ("header", "inputs", "columns", "words"),
    [
        ("a,b", ONE, {}, "give it by --text (columns of text: a, b)".capitalize()),
        ("text,Text_c", TWO, {}, "which column is the text b that the model reads? Give it by --t"),
        ("text", ONE, {"text_b": "text"}, "the model reads one text; leave out --text-b"),
        ("text,TEXT", ONE, {}, "which column is the text that the model reads?"),
    ],
)
def test_what_is_not_clear_is_asked(fields, header, inputs, columns, words):
    with pytest.raises(EdgetextError) as error:
        fields(header, inputs, **columns)
    assert words in str(error.value)


def test_lines_have_no_columns(tmp_path):
    source = source_of("lines", [tmp_path / "t.txt"], Columns(), TWO)
    assert fields_of(source, Columns(), TWO) == TWO
    with pytest.raises(EdgetextError, match="lines have no columns"):
        fields_of(source, Columns(text="a"), TWO)


@pytest.mark.parametrize(
    ("name", "format_name"),
    [("a.parquet", "parquet"), ("a.jsonl.gz", "objects"), ("a.CSV", "csv"), ("a.tsv.gz", "tsv")],
)
def test_the_suffix_says_the_format(tmp_path, name, format_name):
    (tmp_path / name).touch()
    assert check_files([tmp_path / name]) == format_name
    assert check_files([STDIN]) == "lines"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a.json"], "write JSON as an object a line"),
        (["a.parquet.gz"], "the suffix says the format"),
        (["a.csv", "a.tsv"], "a.tsv: it is of another format than"),
    ],
)
def test_formats_that_are_not_read(tmp_path, names, words):
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(EdgetextError, match=words):
        check_files([tmp_path / name for name in names])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EdgetextError, match="there is no such file"):
        check_files([tmp_path / "a.csv"])
