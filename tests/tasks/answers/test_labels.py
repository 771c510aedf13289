"""What tasks share that answer with labels: scores that are looked at late, and faults."""

import math
import pickle

import numpy as np
import pytest

from edgetext.data.example import Span
from edgetext.tasks.answers.labels import LabelAnswer, LabelScores, read_intent

SCORES = np.array([0.25, 0.5, 0.25], np.float32)
NONE = np.zeros(1, np.int32)


def test_scores_are_a_mapping_in_the_order_of_the_labels():
    scores = LabelScores(("b", "a", "c"), SCORES)
    assert list(scores) == ["b", "a", "c"] and len(scores) == 3
    assert list(scores.items()) == [("b", 0.25), ("a", 0.5), ("c", 0.25)]
    assert scores["a"] == 0.5 and type(scores["a"]) is float
    assert "c" in scores and "d" not in scores and scores.get("d") is None
    assert scores == {"a": 0.5, "b": 0.25, "c": 0.25} and scores != {"a": 0.5}
    assert repr(scores) == "{'b': 0.25, 'a': 0.5, 'c': 0.25}"
    with pytest.raises(KeyError):
        scores["d"]


def test_scores_come_back_from_a_pickle():
    answer = read_intent(SCORES[None], ("b", "a", "c"), NONE, ())
    again = pickle.loads(pickle.dumps(answer))
    assert again == answer and again.scores == {"b": 0.25, "a": 0.5, "c": 0.25}


def test_a_file_with_in_scope_says_it():
    said = [
        read_intent(SCORES[None], ("b", "a", "c"), NONE, [np.array([n], np.int32)]) for n in (1, 0)
    ]
    assert [answer.in_scope for answer in said] == [True, False]
    assert read_intent(SCORES[None], ("b", "a", "c"), NONE, ()).in_scope is None


def test_as_many_scores_as_labels():
    with pytest.raises(ValueError, match="3 scores for 2 labels"):
        read_intent(SCORES[None], ("b", "a"), NONE, ())


def test_the_likeliest_label_is_the_first_of_the_largest():
    answer = read_intent(np.array([[0.4, 0.4, 0.2]], np.float32), ("b", "a", "c"), NONE, ())
    assert (answer.intent, type(answer.score)) == ("b", float)
    assert answer.best(2) == [("b", answer.score), ("a", answer.score)]


def test_an_answer_as_json():
    answer = read_intent(SCORES[None], ("b", "a", "c"), np.ones(1, np.int32), ())
    answer.spans = (Span("x", 0, 2),)
    place = {"start": 0, "end": 2, "char_start": 0, "char_end": 1}
    spans = [{"label": "x", **place, "text": "é"}]
    found = answer.as_json("é!".encode(), top=2)
    assert list(found) == ["text", "intent", "score", "spans", "truncated", "scores"]
    assert found["spans"] == spans and found["scores"] == {"a": 0.5, "b": 0.25}
    assert answer.as_line("é!".encode()) == (
        "a 0.500  x='é'[0:2]  (cut: the text is longer than the model reads)"
    )


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (LabelAnswer("a", 0.5, (Span("x", 0, 3),)), ""),
        (LabelAnswer("a", 0.5, (Span("x", 0, 4),)), "bytes 0 to 4 of a text of 3"),
        (LabelAnswer("a", 0.5, (Span("x", 2, 1),)), "bytes 2 to 1"),
        (LabelAnswer("a", 1.1), "not between 0 and 1"),
        (LabelAnswer("a", 0.5, scores={"a": 0.5, "b": math.nan}), "not between 0 and 1"),
    ],
)
def test_what_the_contract_does_not_allow(answer, fault):
    assert (fault in answer.fault(3)) if fault else answer.fault(3) == ""
