"""Texts with summaries: sentences and what they are worth, and lines that are refused."""

import json

import pytest

from edgetext.cli import main
from edgetext.core.errors import EdgetextError

LINE = {"source": ["We show\nit. ", '"', "Łódź works."], "target": ["It works.", "Łódź!"]}


def lines(*values):
    return "".join(json.dumps(value) + "\n" for value in values)


def test_sentences_are_joined_and_remembered(write, read):
    (example,) = read("summaries", write("s.jsonl", lines(LINE)))
    raw = example.text.encode()
    assert example.text == 'We show it. " Łódź works.'
    assert [raw[s.start : s.end].decode() for s in example.sentences] == [
        "We show it.", '"', "Łódź works.",
    ]  # fmt: skip
    assert example.references == ("It works.", "Łódź!") and example.intent is None
    assert {s.score for s in example.sentences} == {None}


def test_a_text_may_be_whole_and_its_summary_alone(write, read):
    line = {"text": "We show it.  It works.", "short": "It works."}
    (example,) = read("summaries", write("s.jsonl", lines(line)), source="text", target="short")
    assert example.text == line["text"] and example.sentences == ()
    assert example.references == ("It works.",)


@pytest.mark.parametrize("option", ["labels", "scores"])
def test_the_data_may_say_what_a_sentence_is_worth(write, read, option):
    path = write("s.jsonl", lines({**LINE, "worth": [0, 0, 1]}), packed=True)
    (example,) = read("summaries", path, **{option: "worth"})
    assert [s.score for s in example.sentences] == [0, 0, 1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({**LINE, "source": []}, "source has no sentence; add one"),
        ({**LINE, "source": ["", " \n"], "worth": [0, 0]}, "source has no sentences; add some"),
        ({**LINE, "target": []}, "target has no summary; add one"),
        ({**LINE, "target": ["x", " "]}, "a summary in target is empty; write it"),
        ({**LINE, "target": ""}, "a summary in target is empty"),
        ({**LINE, "source": [1]}, "source must hold texts, not 1"),
        ({**LINE, "source": 1}, "source must be a text or a list of texts, not 1"),
        ({"source": ["a"]}, "the field target is missing"),
        ({**LINE, "worth": [0, 1, 0, 1]}, "worth has 4 values, which goes beyond the 3 sentence"),
        ({**LINE, "worth": [0, 1]}, "worth has 2 values for 3 sentences; give each"),
        ({**LINE, "worth": [0, 1, -1]}, "worth must hold numbers from 0 on, not -1"),
        ({**LINE, "worth": "x"}, "worth must be a list of numbers, not 'x'"),
        ([], "not a JSON object"),
    ],
)
def test_a_bad_line_is_named(write, read, line, words):
    path = write("s.jsonl", lines({**LINE, "worth": [1, 0, 0]}) + lines(line))
    with pytest.raises(EdgetextError) as error:
        read("summaries", path, labels="worth")
    assert str(error.value).startswith(f"{path}:2: ") and words in str(error.value)
    if "source" in line and "target" in line:
        assert len(read("summaries", path, labels="worth", on_error="skip")) == 1


def test_labels_and_scores_together_are_refused(write, capsys):
    path = write("s.jsonl", lines(LINE))
    fields = ["--set", "labels=a", "--set", "scores=b"]
    assert main(["data", "check", str(path), "--type", "summaries", *fields]) == 2
    assert "labels and scores say the same in two ways" in capsys.readouterr().err
