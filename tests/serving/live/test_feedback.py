"""What feedback says, and what it cannot."""

import json

import pytest

from edgetext.data.example import Span
from edgetext.serving.exchange import RefusalError
from edgetext.serving.live.feedback import check, read_feedback, rights
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.answers.multi_label import LabelsAnswer

NAMES = {"intent": ("a", "b"), "slots": ("x",)}
ANSWER = LabelAnswer("a", 0.9, (Span("x", 0, 2),))
SPAN = {"label": "x", "start": 0, "end": 2}


def test_right_and_wrong_by_kind():
    assert rights({"label": "a", "spans": [SPAN]}, ANSWER, True) == {"label": True, "spans": True}
    assert rights({"label": "b", "spans": []}, ANSWER, True) == {"label": False, "spans": False}
    assert rights({"labels": ["b", "a"]}, LabelsAnswer({"a": 1, "b": 1}), True) == {"labels": True}


def test_correct_is_about_the_answer_that_was_given():
    assert rights({"correct": False}, ANSWER, True) == {"answer": False}
    assert rights({"correct": False}, ANSWER, False) == {}


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"id": "1"}, 422, "give what is right"),
        ({"label": "a"}, 422, "id: "),
        ({"id": "1", "label": 3}, 422, "label: "),
        ({"id": "1", "label": "a", "more": 1}, 422, "more: "),
        ({"id": "1", "spans": [{"label": "x"}]}, 422, "spans.0: "),
        (
            {"id": "1", "spans": [{**SPAN, "start": 9, "end": 5}]},
            422,
            "end must be behind its start",
        ),
        ({"id": "1", "spans": [{**SPAN, "end": 10**30}]}, 422, "spans.0: input should be"),
        ({"id": "1", "index": -1, "label": "a"}, 422, "index: "),
    ],
)
def test_what_is_no_feedback_is_said(fields, status, sentence):
    with pytest.raises(RefusalError) as error:
        read_feedback(json.dumps(fields).encode())
    assert error.value.status == status and sentence in error.value.sentence


def test_what_is_no_json_is_said():
    with pytest.raises(RefusalError) as error:
        read_feedback(b"{")
    assert error.value.status == 400 and "is not JSON in UTF-8 (EOF" in error.value.sentence


@pytest.mark.parametrize(
    ("feedback", "answer", "sentence"),
    [
        ({"label": "c"}, ANSWER, "no label 'c'"),
        ({"spans": [{**SPAN, "label": "y"}]}, ANSWER, "no label 'y'"),
        ({"labels": ["a"]}, ANSWER, "labels: the model's answers have none"),
        ({"label": "a"}, LabelAnswer(), "label: the model's answers have none"),
    ],
)
def test_what_the_model_lacks_is_said(feedback, answer, sentence):
    with pytest.raises(RefusalError, match=sentence) as error:
        check(feedback, answer, NAMES)
    assert error.value.status == 422
