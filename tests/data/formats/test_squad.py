"""Questions and passages of SQuAD's JSON."""

import json

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.core.files import write_text
from edgetext.data.formats import Squad
from edgetext.data.guess import guess
from edgetext.data.source import sources
from edgetext.recipe import Recipe

PASSAGE = "Łódź lies in Poland. Rome lies in Italy."


def question(**changes):
    start = PASSAGE.index("Italy")
    answers = [{"text": "Italy", "answer_start": start}]
    return {"id": "q1", "question": "Where is Rome?", "answers": answers, **changes}


def write(path, *questions, passage=PASSAGE):
    paragraphs = [{"context": passage, "qas": list(questions)}]
    write_text(path, json.dumps({"data": [{"paragraphs": paragraphs}]}))
    return path


def read(path, **fields):
    return list(Squad(Squad.Config(**fields)).read(path, "train"))


def test_an_answer_is_a_span_of_the_passage_in_bytes(tmp_path):
    more = [{"text": text, "answer_start": PASSAGE.index(text)} for text in ("Italy", "in Italy")]
    (example,) = read(write(tmp_path / "a.json", question(answers=more)))
    assert example.texts == ("Where is Rome?", PASSAGE)
    (span,) = example.spans
    assert PASSAGE.encode()[span.start : span.end] == b"Italy" and span.label == "answer"
    assert example.references == ("Italy", "in Italy")
    assert example.source == f"{tmp_path / 'a.json'}:q1"


@pytest.mark.parametrize("changes", [{"answers": []}, {"is_impossible": True}])
def test_a_question_may_have_no_answer(tmp_path, changes):
    (example,) = read(write(tmp_path / "a.json", question(**changes)))
    assert example.spans == () and example.references == ()


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"answers": [{"text": "Italy", "answer_start": 3}]}, "it stands at 34"),
        ({"answers": [{"text": "Spain", "answer_start": 3}]}, "it is nowhere in the passage"),
        ({"answers": [{"text": "Italy", "answer_start": -6}]}, "not at character -6"),
        ({"answers": [{"text": "", "answer_start": 0}]}, "the answer is empty"),
        ({"answers": [{"text": "Italy"}]}, "needs a text and answer_start"),
        ({"answers": ["Italy"]}, "needs a text and answer_start"),
        ({"question": None}, "are texts"),
        ({"question": " "}, "the text is empty"),
    ],
)
def test_a_bad_question_is_named_and_may_be_skipped(tmp_path, changes, message, caplog):
    path = write(tmp_path / "a.json", question(**changes), question(id="q2"))
    with pytest.raises(EdgetextError) as caught:
        read(path)
    assert f"{path}:q1: " in str(caught.value) and message in str(caught.value)
    assert [example.source for example in read(path, on_error="skip")] == [f"{path}:q2"]
    assert "1 line skipped" in caplog.text


@pytest.mark.parametrize("text", ["{", "[]", '{"data": [{"paragraphs": [{"qas": [{}]}]}]}'])
def test_a_file_of_another_form_is_refused(tmp_path, text):
    write_text(tmp_path / "a.json", text)
    with pytest.raises(EdgetextError, match=r"a\.json.*SQuAD"):
        read(tmp_path / "a.json")


def test_questions_of_one_id_are_told_apart(tmp_path):
    path = write(tmp_path / "a.json", question(), question())
    assert [e.source for e in read(path)] == [f"{path}:q1", f"{path}:q1 (question 2 of the file)"]


def test_a_passage_is_never_in_two_splits(tmp_path):
    asked = [question(id=str(i), question=f"Where is {i}?") for i in range(30)]
    path = write(tmp_path / "a.json", *asked)
    recipe = Recipe.from_dict(
        {
            "name": "r",
            "task": "qa",
            "data": {"type": "squad", "train": str(path), "split": {"valid": 0.3, "test": 0.3}},
            "text": {"vocabulary": 100},
            "encoder": {"type": "cnn", "embedding": 16, "hidden": 16},
            "training": {"epochs": 1},
        },
        source="recipe",
    )
    counts = [len(list(source.read())) for source in sources(recipe)]
    assert sorted(counts) == [0, 0, 30]


FLAT = [
    {
        "id": "1",
        "question": "who?",
        "context": "Ada wrote it.",
        "answers": {"text": ["Ada", "Ada wrote"], "answer_start": [0, 0]},
    },
    {"id": "2", "question": "when?", "context": "Ada wrote it.", "answers": {"text": []}},
]


@pytest.mark.parametrize(
    "content",
    ["".join(json.dumps(row) + "\n" for row in FLAT), json.dumps(FLAT), json.dumps(FLAT, indent=1)],
)
def test_an_object_a_question(write, read, content):
    path = write("d.json", content)
    assert guess(path).type == "squad"
    who, when = read("squad", path)
    assert (who.text, who.text_b, who.references) == ("who?", "Ada wrote it.", ("Ada", "Ada wrote"))
    assert [(s.start, s.end) for s in who.spans] == [(0, 3)]
    assert when.references == () and when.spans == ()
