"""Texts with none, one or several labels, in whatever form they are written."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.choices import Choices
from edgetext.data.convert import as_jsonl
from edgetext.data.guess import Guess, chosen, guess
from edgetext.data.reader import build_reader
from edgetext.data.split import kept_for_training
from edgetext.starter.starter import starter_of

ROWS = [("soup and ball", ["food", "sport"]), ("the goal", ["sport"]), ("we go", [])] * 4
LABELS = ("food", "sport")


def _lists(rows):
    return "".join(json.dumps({"text": t, "labels": labels}) + "\n" for t, labels in rows)


def _cats(rows):
    cats = [{x: float(x in labels) for x in LABELS} for _, labels in rows]
    pairs = zip(rows, cats, strict=True)
    return "".join(json.dumps({"text": row[0], "cats": each}) + "\n" for row, each in pairs)


def _fields(rows):
    return "".join(
        json.dumps({"text": t, **{x: int(x in labels) for x in LABELS}}) + "\n"
        for t, labels in rows
    )


def _columns(rows):
    lines = [",".join([t, *("01"[x in labels] for x in LABELS)]) for t, labels in rows]
    return "\n".join(["text,food,sport", *lines, ""])


def _parted(rows):
    return "\n".join(["text,label", *(f"{t},{'|'.join(labels)}" for t, labels in rows), ""])


def _parted_field(rows):
    return "".join(json.dumps({"text": t, "label": "|".join(x)}) + "\n" for t, x in rows)


FORMS = {
    "lists.jsonl": (_lists, {"intent": "labels"}),
    "cats.jsonl": (_cats, {"intent": "cats"}),
    "fields.jsonl": (_fields, {"intent": ["food", "sport"]}),
    "columns.csv": (_columns, {"label": ["food", "sport"]}),
    "parted.csv": (_parted, {"label_separator": "|"}),
    "parted.jsonl": (_parted_field, {"intent": "label", "label_separator": "|"}),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_is_guessed_and_read(name, write):
    form, fields = FORMS[name]
    path = write(name, form(ROWS))
    guessed = starter_of("classify").guess(path)
    assert guessed.fields == fields
    examples = list(guessed.reader().read(path, "train"))
    assert [(e.text, list(e.text_labels)) for e in examples] == ROWS
    assert [e.intent for e in examples[:3]] == [None, "sport", None]


@pytest.mark.parametrize("name", ["lists.jsonl", "cats.jsonl"])
def test_a_check_without_a_task_knows_them_by_their_names(name, write):
    form, fields = FORMS[name]
    assert guess(write(name, form(ROWS))) == Guess("jsonl", fields)


def test_numbers_of_other_things_are_no_labels(write):
    rows = [{"text": t, "label": "a", "meta": {"score": 0.9}} for t, _ in ROWS]
    path = write("d.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert guess(path).fields == {"intent": "label"}
    rows = [{"text": t, "meta": {"score": 0.9}} for t, _ in ROWS]
    assert guess(write("e.jsonl", "".join(json.dumps(x) + "\n" for x in rows))).fields == {}


def test_a_bar_in_labels_that_do_not_repeat_is_a_part_of_them(write):
    rows = [("soup", "a|b"), ("ball", "c|d")] * 4
    path = write("d.csv", "\n".join(["text,label", *map(",".join, rows), ""]))
    assert starter_of("classify").guess(path).fields == {}


@pytest.mark.parametrize("name", ["parted.csv", "parted.jsonl"])
def test_the_separator_is_seen_in_a_label_that_is_said(name, write):
    path = write(name, FORMS[name][0](ROWS))
    found = chosen(starter_of("classify").guess, path, Choices(label="label"))
    assert found.fields["label_separator"] == "|"
    one = Choices(label="label", fields={"label_separator": None})
    whole = chosen(starter_of("classify").guess, path, one).reader().read(path, "train")
    assert next(whole).intent == "food|sport"


@pytest.mark.parametrize("name", ["parted.csv", "parted.jsonl"])
def test_a_label_that_is_not_there_is_named(name, write):
    path = write(name, FORMS[name][0](ROWS))
    found = chosen(starter_of("classify").guess, path, Choices(label="topic"))
    with pytest.raises(EdgetextError, match="topic"):
        list(found.reader().read(path, "train"))


def test_columns_of_labels_can_be_said(write):
    path = write("d.csv", _columns(ROWS).replace("text,", "words,", 1))
    choices = Choices(text="words", fields={"label": ["food", "sport"]})
    found = chosen(starter_of("classify").guess, path, choices)
    examples = list(found.reader().read(path, "train"))
    assert [e.text_labels for e in examples[:2]] == [("food", "sport"), ("sport",)]


@pytest.mark.parametrize(
    ("kind", "fields", "content", "words"),
    [
        (
            "csv",
            {"label": ["food", "sport"]},
            "text,food,sport\nsoup,often,1\n",
            "d:2: the column food says 'often'",
        ),
        ("csv", {"label": ["food"]}, "text,sport\nsoup,1\n", "d:1: no column is called food"),
        ("csv", {"label": ["food"], "header": False, "text": 0}, "soup,1\n", "column numbers"),
        ("csv", {"label_separator": "|"}, "text,label\nsoup,a||b\n", "d:2: a label is empty"),
        ("jsonl", {"intent": ["food"]}, '{"text": "a"}\n', "d:1: the field food is missing"),
        ("jsonl", {}, '{"text": "a", "intent": ["x", 1.5]}\n', "must be a text or a whole number"),
    ],
)
def test_what_is_none_is_one_sentence(write, kind, fields, content, words):
    path = write("d", content)
    with pytest.raises((EdgetextError, ValueError), match=words):
        list(build_reader(kind, fields).read(path, "train"))


def test_lines_of_fasttext_may_have_several(write):
    path = write("d.txt", "__label__food __label__sport soup and ball\n__label__sport goal\n")
    examples = list(build_reader("fasttext", {}).read(path, "train"))
    assert [e.text_labels for e in examples] == [("food", "sport"), ("sport",)]


def test_what_is_converted_is_read_again(write):
    path = write("lists.jsonl", _lists(ROWS))
    examples = list(build_reader("jsonl", {"intent": "labels"}).read(path, "train"))
    again = write("again.jsonl", as_jsonl(examples))
    read = list(build_reader("jsonl", {}).read(again, "train"))
    assert [e.intents for e in read] == [e.intents for e in examples]


def test_training_is_left_a_text_of_each_label(write):
    path = write("lists.jsonl", _lists([(f"{i} words", ["a", f"b{i}"]) for i in range(20)]))
    examples = list(build_reader("jsonl", {"intent": "labels"}).read(path, "train"))
    kept = kept_for_training([(e.text, e.labels) for e in examples], 0.4, 0.4)
    assert {f"{i} words" for i in range(20)} > set(kept) > set()
