"""Excel's workbooks."""

import datetime

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.guess import guess
from edgetext.starter.starter import starter_of

openpyxl = pytest.importorskip("openpyxl")


@pytest.fixture
def book(tmp_path):
    """book({sheet: rows}) -> path of a workbook."""

    def book(sheets):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        made.save(tmp_path / "d.xlsx")
        return tmp_path / "d.xlsx"

    return book


def test_cells_as_texts(book, read):
    day = datetime.datetime(2026, 1, 2)
    rows = [
        ["id", "utterance", "intent"],
        [1, "rain in Oslo", 12.0],
        [None, None, None],
        [2, 3.5, "x"],
        [3, day, True],
    ]
    path = book({"data": rows, "other": [["a"]]})
    examples = read("excel", path, text="utterance", label="intent")
    assert [(e.text, e.intent) for e in examples] == [
        ("rain in Oslo", "12"),
        ("3.5", "x"),
        ("2026-01-02T00:00:00", "True"),
    ]
    assert examples[1].source == f"{path}:4"
    with pytest.raises(EdgetextError, match="no sheet more; it has data, other"):
        read("excel", path, sheet="more")


def test_the_guess_is_that_of_a_table(book, read):
    rows = [["id", "topic", "utterance"]]
    rows += [[i, "bye" if i % 2 else "weather", f"some words, number {i}"] for i in range(12)]
    path = book({"first": [["nothing"]], "second": rows})
    choices = {"sheet": "second"}
    guessed = starter_of("classify").guess(path, _choices(choices))
    assert guessed.type == "excel"
    examples = read("excel", path, **guessed.fields, **choices)
    assert len(examples) == 12
    assert (examples[1].text, examples[1].intent) == ("some words, number 1", "bye")
    taken = guess(path, _choices(choices)).reader()
    assert taken.options == {"text": "text", "label": "label", "header": "header"}


def test_an_empty_cell_is_an_error_of_its_row(book, read):
    path = book({"s": [["text", "label"], ["a", "x"], ["b", None]]})
    with pytest.raises(EdgetextError, match=r"d\.xlsx:3: the label is empty"):
        read("excel", path)


def test_pairs(book, read):
    rows = [["premise", "hypothesis", "label"]]
    rows += [[f"a man {i}", f"a person {i}", ("yes", "no", "-")[i % 3]] for i in range(9)]
    path = book({"s": rows})
    guessed = starter_of("match").guess(path)
    examples = read("excel", path, **guessed.fields)
    assert len(examples) == 6
    assert (examples[0].text, examples[0].text_b, examples[0].intent) == (
        "a man 0",
        "a person 0",
        "yes",
    )


def test_no_workbook(write, read):
    path = write("d.xlsx", "text,label\na,b\n")
    with pytest.raises(EdgetextError, match=r"not an \.xlsx workbook"):
        read("excel", path)


def _choices(fields):
    from edgetext.data.choices import Choices

    return Choices(fields=fields)
