"""Readers of pairs: a row each, or made of texts with intents."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.data.formats import IntentPairs, Pairs


def read(reader, path, split="train", **fields):
    return list(reader(reader.Config(**fields)).read(path, split))


def test_a_row_is_two_texts_and_a_label(tmp_path):
    path = tmp_path / "pairs.tsv"
    write_text(path, 'a "b\tc é\t1\nx\ty\t0\n')
    one, other = read(Pairs, path, names={"1": "same"})
    assert (one.text, one.text_b, one.intent) == ('a "b', "c é", "same")
    assert (other.intent, other.source) == ("0", f"{path}:2")


def test_a_header_names_the_columns(tmp_path):
    path = tmp_path / "pairs.csv"
    write_text(path, "id,question1,question2,is_duplicate\n7,one,two,0\n")
    columns = {"text": "question1", "text_b": "question2", "label": "is_duplicate"}
    (example,) = read(Pairs, path, delimiter=",", **columns)
    assert (example.texts, example.intent) == (("one", "two"), "0")


def test_labels_may_stand_in_a_file_of_their_own(tmp_path):
    path = tmp_path / "test.tsv"
    write_text(path, "a\tb\nNS\tb\nc\td\ne\tf\n")
    write_text(tmp_path / "labels.txt", "1\n0\n?\n0\n")
    found = read(Pairs, path, labels="labels.txt", skip=["NS", "?"])
    assert [(e.text, e.intent) for e in found] == [("a", "1"), ("e", "0")]


@pytest.mark.parametrize(
    "text, message",
    [
        ("a\tb\t1\nalone\n", ":2: one column; write the two texts and their label with tabs"),
        ("a\tb\t1\na\tb\n", ":2: 2 columns where the first line has 3"),
        ("a\tb\n", ":1: there is no column 2 among 2"),
        ("a\t \t1\n", ":1: in the second text, the text is empty"),
        (" \tb\t1\n", ":1: the text is empty"),
        ("a\tb\t\n", ":1: the label is empty"),
    ],
)
def test_a_bad_row_is_named(tmp_path, text, message):
    path = tmp_path / "bad.tsv"
    write_text(path, text)
    with pytest.raises(EdgetextError) as caught:
        read(Pairs, path)
    assert message in str(caught.value) and str(path) in str(caught.value)
    assert len(read(Pairs, path, on_error="skip")) == text.count("a\tb\t1")


def test_a_file_of_labels_that_is_too_short_is_named(tmp_path):
    write_text(tmp_path / "test.tsv", "a\tb\nc\td\n")
    write_text(tmp_path / "labels.txt", "1\n")
    with pytest.raises(EdgetextError, match=r"test.tsv:2: labels.txt has only 1 lines"):
        read(Pairs, tmp_path / "test.tsv", labels="labels.txt")


@pytest.fixture
def clinc(tmp_path):
    path = tmp_path / "data.json"
    rows = [[f"{verb} {thing}", thing] for thing in ("rain", "taxi") for verb in ("see", "get")]
    write_text(path, json.dumps({"train": rows, "oos_train": [["what", "oos"]], "val": rows}))
    return path


def test_pairs_of_intents_are_the_same_each_time(clinc):
    found = read(IntentPairs, clinc, pairs=2)
    assert found == read(IntentPairs, clinc, pairs=2)
    assert len(found) == 16
    for example in found:
        same = example.text.split()[1] == example.text_b.split()[1]
        assert example.intent == ("same" if same else "different")
        assert example.text != example.text_b


def test_unlike_pairs_may_be_hard(clinc):
    hard = [e for e in read(IntentPairs, clinc, candidates=50) if e.intent == "different"]
    assert all(e.text.split()[0] == e.text_b.split()[0] for e in hard)
