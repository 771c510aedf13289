"""Rows of tables: quotes that close, that do not, and what they cost."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.formats.rows import read_rows


def rows(path, delimiter=",", quote='"'):
    return [cells for _, cells in read_rows(path, delimiter, quote)]


def test_quoted_cells(write):
    path = write("d.csv", 'a,"b, ""c"""\n"two\nlines",d\nthe 5" one,"e"\n')
    assert rows(path) == [["a", 'b, "c"'], ["two\nlines", "d"], ['the 5" one', "e"]]
    assert rows(path, quote="")[0] == ["a", '"b', ' ""c"""']


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ('"b,x', "never closes"),
        ('"b" is said,x', "text follows the quote"),
        ('"b,x\nc,y\nd "e",z', "text follows the quote"),
        ('"b,x\nc,y\nd",z,z', "closes 2 line(s) below, in a row of 3 columns"),
    ],
)
def test_a_stray_quote_takes_no_other_line_with_it(write, bad, words):
    path = write("d.csv", f"text,label\n{bad}\nplay,x\n")
    found = rows(path)
    assert isinstance(found[1], EdgetextError)
    assert str(found[1]).startswith(f"{path}:2: ") and words in str(found[1])
    assert found[-1] == ["play", "x"]
    assert len(found) == 2 + len(bad.splitlines())


def test_a_long_text_is_a_cell(write):
    (row,) = rows(write("d.csv", f'"{"long, " * 40_000}",x\n'))
    assert len(row[0]) == 240_000


@pytest.mark.parametrize("text", ['"will it rain', 'say ""yes"" or', '"""no'])
@pytest.mark.parametrize("alone", [True, False])
def test_stray_quotes_look_at_each_line_twice_at_most(write, monkeypatch, text, alone):
    """A reader that looked through the file from each quote would take minutes.

    alone: the quote stands in one line of the table, else in each.
    """
    count = 2000
    odd = [f"{text} {i},weather\n" for i in range(count)]
    plain = [line.replace('"', "") for line in odd]
    path = write("odd.csv", "".join(odd[:1] + plain[1:] if alone else odd))
    looked = []
    monkeypatch.setattr(
        "edgetext.data.formats.rows.decode", lambda row, at: looked.append(at) or row.decode()
    )
    assert len(rows(path)) == count
    # Once to see whether it holds a quote, and twice as a part of a row that may be quoted.
    assert count <= len(looked) <= 3 * count
