"""Birthdays are whole dates."""

import pytest

from edgetext.data.example import Span
from edgetext.redaction.dates import whole_dates


def found(text, *words, label="DATE_OF_BIRTH"):
    data = text.encode()
    spans = []
    for each in words:
        start = data.index(each.encode())
        spans.append(Span(label, start, start + len(each.encode())))
    return [data[s.start : s.end].decode() for s in whole_dates(spans, data)]


@pytest.mark.parametrize(
    ("text", "marked", "date"),
    [
        ("born 5 April 1986 in", "1986", "5 April 1986"),
        ("nascida em 11 de setembro de 2003, CPF", "11 de setembro de", "11 de setembro de 2003"),
        ("on February 6, 1986.", "February 6", "February 6, 1986"),
        ("geboren am 3. März 1970 in", "März 1970", "3. März 1970"),
        ("née le 1er août 1990", "août", "1er août 1990"),
        ("dob=1990-04-24T", "1990-04", "1990-04"),  # no date stands alone there
        ("dob=1990-04-24,", "1990-04", "1990-04-24"),
        ("01/02/1990 or 03/04/1991", "01/02/1990 or 03/04/1991", "01/02/1990 or 03/04/1991"),
        ("born in 1986", "1986", "1986"),
    ],
)
def test_a_part_of_a_date_is_the_date(text, marked, date):
    assert found(text, marked) == [date]


def test_two_halves_are_one_and_other_labels_stay():
    assert found("Signed, 21/05/2004", "21/05", "/2004") == ["21/05/2004"]
    assert found("due 21/05/2004", "21/05", label="DUE") == ["21/05"]
