"""What two answers to a text differ in."""

import pytest

from edgetext.data.example import Span
from edgetext.serving.live.comparison import ANSWER, LABEL, NOTHING, SPAN, compare, labels_of
from edgetext.tasks.answers.embed import VectorAnswer
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.answers.multi import PartsAnswer
from edgetext.tasks.answers.multi_label import LabelsAnswer
from edgetext.tasks.task import task_of

NAMES = {"intent": ("a", "b"), "slots": ("x", "y")}
ONE = LabelAnswer("a", 0.9, (Span("x", 0, 2), Span("y", 3, 5)))


def compared(name, one, other, names=NAMES):
    return compare(task_of(name), names, one, other)


def test_label_and_spans_are_told_apart():
    result = compared("joint", ONE, LabelAnswer("b", 0.2, ONE.spans))
    assert (result.same, result.label, result.spans) == (False, False, True)
    assert result.pairs == [(LABEL, "a", "b")]
    result = compared("joint", ONE, LabelAnswer("a", 0.2, (Span("y", 0, 2),)))
    assert (result.same, result.label, result.spans) == (False, True, False)
    assert result.pairs == [(SPAN, "x", "y"), (SPAN, "y", NOTHING)]


def test_scores_do_not_count():
    result = compared("joint", ONE, LabelAnswer("a", 0.1, ONE.spans))
    assert (result.same, result.label, result.spans, result.pairs) == (True, True, True, [])


def test_a_model_without_spans_has_no_agreement_of_them():
    names = {"intent": ("a", "b"), "slots": ()}
    result = compared("classify", LabelAnswer("a"), LabelAnswer("b"), names)
    assert (result.label, result.spans) == (False, None)


def test_a_text_without_spans_agrees_in_them():
    names = {"intent": (), "slots": ("x",)}
    result = compared("tag", LabelAnswer(), LabelAnswer(), names)
    assert (result.same, result.label, result.spans) == (True, None, True)


def test_several_labels_are_compared_one_by_one():
    result = compared("multi_label", LabelsAnswer({"a": 0.9}), LabelsAnswer({"b": 0.8}))
    assert result.pairs == [(LABEL, "a", NOTHING), (LABEL, NOTHING, "b")]
    assert compared("multi_label", LabelsAnswer({}), LabelsAnswer({})).label


def test_parts_have_their_names():
    task = task_of("multi", {"tasks": ("first=classify", "second=tag")})
    one, other = (
        PartsAnswer({"first": LabelAnswer(x), "second": LabelAnswer(spans=ONE.spans)}, False)
        for x in "ab"
    )
    names = {"first.intent": ("a", "b"), "second.slots": ("x", "y")}
    result = compare(task, names, one, other)
    assert result.pairs == [(LABEL, "first.a", "first.b")] and result.spans
    assert labels_of(one) == ["first.a", "second.x", "second.y"]


def test_what_has_no_labels_is_told_by_the_task_alone():
    one, other = VectorAnswer((1.0, 0.0), False), VectorAnswer((0.0, 1.0), False)
    names = {"intent": (), "slots": ()}
    result = compared("embed", one, other, names)
    assert (result.same, result.label, result.pairs) == (False, None, [(ANSWER, "one", "another")])
    assert compared("embed", one, one, names).same


@pytest.mark.parametrize(
    ("answer", "labels"),
    [
        (LabelAnswer("a"), ["a"]),
        (LabelAnswer(spans=ONE.spans), ["x", "y"]),
        (LabelAnswer(), [NOTHING]),
        (LabelsAnswer({"a": 0.6, "b": 0.7}), ["a", "b"]),
        (LabelsAnswer({}), [NOTHING]),
    ],
)
def test_labels_of_an_answer(answer, labels):
    assert labels_of(answer) == labels
