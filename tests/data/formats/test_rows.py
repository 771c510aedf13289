"""Rows of tables: quotes that close, that do not, and what they cost."""

import time

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
def test_stray_quotes_cost_linear_time(write, text):
    """Each line begins with the quote; a reader that looked through the file from each would take
    minutes."""
    lines = "".join(f"{text} {i},weather\n" for i in range(20_000))
    plain = write("plain.csv", lines.replace('"', ""))
    odd = write("odd.csv", lines)
    quarter = write("quarter.csv", "".join(lines.splitlines(keepends=True)[:5000]))
    one = write("one.csv", lines.replace('"', "").replace("weather\n", 'weather\n"', 1))

    def seconds(path, count=20_000):
        before = time.process_time()
        assert len(rows(path)) == count
        return time.process_time() - before

    base = min(seconds(plain) for _ in range(3))
    assert min(seconds(one) for _ in range(3)) < 2 * base + 0.1
    # Four times as many lines; 16 times the time, where each looks through the file.
    assert seconds(odd) < 8 * min(seconds(quarter, 5000) for _ in range(3)) + 0.5
