"""Each task tells the types of the JSON values that its answers have."""

import pytest

from edgetext.data.example import Sentence, Span
from edgetext.predictor import load
from edgetext.tasks.answers.embed import VectorAnswer
from edgetext.tasks.answers.lm import NextAnswer
from edgetext.tasks.answers.multi_label import LabelsAnswer
from edgetext.tasks.answers.qa import SpanAnswer
from edgetext.tasks.answers.summarize import SummaryAnswer
from edgetext.tasks.completion import Piece, Word
from edgetext.tasks.task import task_of

TEXT = "fly to Zürich today".encode()


def fits(value, kind):
    """Tell whether a value has a type, all its names among those of the type."""
    if isinstance(kind, list):
        return isinstance(value, list) and all(fits(item, kind[0]) for item in value)
    if isinstance(kind, dict) and str in kind:
        return all(isinstance(name, str) and fits(x, kind[str]) for name, x in value.items())
    if isinstance(kind, dict):
        return all(name in kind and fits(x, kind[name]) for name, x in value.items())
    return type(value) is kind


def check(answer, types):
    for top in (1, 3):
        given = {**answer.json_fields(TEXT, top), **answer.json_scores(top)}
        assert given and fits(given, types(top)), given


@pytest.mark.parametrize("name", ["joint", "classify", "tag", "multi", "parse"])
def test_what_models_answer_has_the_types(predictors, name):
    predictor = predictors[name].onnx
    for text in (TEXT, b"", b"\xff a cheap hotel in Rome?"):
        answer = predictor.predict(text)
        check(answer, lambda top: predictor.task.json_types(predictor.metadata.labels, top))


def test_what_a_language_model_answers_has_the_types(lm_files):
    predictor = load(lm_files.onnx)
    check(predictor.predict("fly to "), lambda top: predictor.task.json_types({}, top))


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("embed", VectorAnswer((0.5, -0.5))),
        ("multi_label", LabelsAnswer({"a": 0.75}, scores={"a": 0.75, "b": 0.25})),
        ("qa", SpanAnswer((Span("answer", 7, 14, TEXT),), 0.5, 0.25)),
        ("qa", SpanAnswer()),
        ("summarize", SummaryAnswer((Sentence(0, 20, 0.5, TEXT),))),
        ("lm", NextAnswer((Piece(1, 0.5, b"a", 0),), (Word(b"ab", 0.5),))),
    ],
)
def test_an_answer_has_the_types(task, answer):
    check(answer, lambda top: task_of(task).json_types({"intent": []}, top))


def test_another_value_does_not_fit():
    assert not fits({"score": 1}, {"score": float})
    assert not fits({"other": 1.0}, {"score": float})
    assert not fits([{"score": "1"}], [{"score": float}])
