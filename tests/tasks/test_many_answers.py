"""The outputs of a batch file as answers."""

import json

import numpy as np
import pytest

from edgetext.tasks.apart import apart, joined
from edgetext.tasks.columns import objects
from edgetext.tasks.task import task_of

TEXTS = [b"to Rome", b"", "今日 Oslo".encode()]
NAMES = {"intent": ["a", "b"], "slots": ["x", "y"]}
OUTPUTS = {
    "scores": np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]], np.float32),
    "in_scope": np.array([1, 0, 1], np.int32),
    "spans": np.array([[0, 1, 3, 7], [2, 0, 0, 6], [2, 1, 7, 11]], np.int32),
    "truncated": np.array([0, 0, 1], np.int32),
}


@pytest.mark.parametrize(
    ("name", "outputs"),
    [
        ("classify", ["scores"]),
        ("multi_label", ["scores"]),
        ("tag", ["spans"]),
        ("joint", ["scores", "spans"]),
        ("classify", ["scores", "in_scope"]),
        ("joint", ["scores", "in_scope", "spans"]),
    ],
)
def test_several_answers_are_those_of_each(name, outputs):
    task = task_of(name, NAMES)
    given = {output: OUTPUTS[output] for output in (*outputs, "truncated")}
    answers = task.read_many(given, NAMES, TEXTS)
    each = apart(list(given), list(given.values()), len(TEXTS))
    for text, own, answer in zip(TEXTS, each, answers, strict=True):
        alone = task.read(own, NAMES, text)
        assert answer == alone
        assert answer.as_json(text, top=2) == alone.as_json(text, top=2)
    assert [answer.truncated for answer in answers] == [False, False, True]
    columns = task.columns(given, NAMES, TEXTS)
    assert task.has_columns(list(given)) and not task.has_columns([*given, "vector"])
    fields = [json.loads(f"{{{x}}}") for x in objects(columns, "", "")]
    assert fields == [answer.json_answer(text) for text, answer in zip(TEXTS, answers, strict=True)]
    assert [list(x) for x in fields] == [list(answer.json_answer(b"")) for answer in answers]
    # Of as many runs for one text the outputs have a leading 1, and no spans may be int32[0, 3].
    runs = [[part if len(part) == 1 else part[None] for part in own] for own in each]
    assert task.read_each(runs, NAMES, TEXTS) == answers


def test_texts_without_spans_have_none():
    spans = np.zeros((0, 4), np.int32)
    outputs = {"spans": spans, "truncated": np.zeros(2, np.int32)}
    answers = task_of("tag", NAMES).read_many(outputs, NAMES, [b"a", b"b"])
    assert [answer.spans for answer in answers] == [(), ()]
    assert [len(own) for own, _ in apart(list(outputs), list(outputs.values()), 2)] == [0, 0]


def test_outputs_of_each_are_joined_to_those_of_all():
    each = apart(list(OUTPUTS), list(OUTPUTS.values()), len(TEXTS))
    back = joined(list(OUTPUTS), each)
    assert list(back) == list(OUTPUTS)
    for name, output in OUTPUTS.items():
        assert back[name].dtype == output.dtype
        np.testing.assert_array_equal(back[name], output)


def test_probabilities_of_spans_stay_with_them():
    spans = [np.array([[[0, 0, 2], [1, 3, 7]]], np.int32), np.zeros((1, 0, 3), np.int32)]
    scores = [np.array([[0.5, 0.25]], np.float32), np.zeros((1, 0), np.float32)]
    runs = [(score, rows, np.zeros(1, np.int32)) for score, rows in zip(scores, spans, strict=True)]
    answers = task_of("tag", NAMES).read_each(runs, NAMES, [b"to Rome", b"x"])
    assert [answer.span_scores for answer in answers] == [(0.5, 0.25), ()]
