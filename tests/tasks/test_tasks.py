"""What each task learns from a split, and what it refuses."""

import pytest

from edgetext.core.errors import EdgetextError
from edgetext.data.example import Example, Span
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.learner import learner_of
from edgetext.tasks.task import task_of

ANSWER = LabelAnswer("a", 0.9, (Span("x", 0, 3),))


def test_labels_of_a_split():
    examples = [Example("x", "b", (Span("s", 0, 1),)), Example("y", "a", (Span("r", 0, 1),))]
    tags = ["O", "B-r", "I-r", "B-s", "I-s"]
    joint, classify, tag = map(learner_of, ("joint", "classify", "tag"))
    assert joint.labels(examples) == {"intent": ["a", "b"], "tags": tags}
    assert joint.names(joint.labels(examples)) == {"intent": ["a", "b"], "slots": ["r", "s"]}
    assert classify.labels(examples) == {"intent": ["a", "b"], "tags": []}
    assert tag.labels(examples) == {"intent": [], "tags": tags}


@pytest.mark.parametrize(
    ("task", "examples", "words"),
    [
        ("joint", [Example("x", "b", (Span("s", 0, 1),))], "at least 2"),
        ("joint", [Example("x", "a"), Example("x", "b")], "slot"),
        ("joint", [Example("x", None, (), "f:3")], r"f:3.*no intent"),
        ("tag", [Example("x", None)], "no spans"),
    ],
)
def test_a_split_that_cannot_be_learnt_from_is_refused(task, examples, words):
    with pytest.raises(EdgetextError, match=words):
        learner_of(task).labels(examples)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (LabelAnswer("a", 0.87, (Span("x", 0, 3),)), True),
        (LabelAnswer("a", 0.80, (Span("x", 0, 3),)), False),
        (LabelAnswer("b", 0.9, (Span("x", 0, 3),)), False),
        (LabelAnswer("a", 0.9, (Span("x", 0, 4),)), False),
        (LabelAnswer("a", 0.9, ()), False),
        (LabelAnswer("a", 0.9, (Span("x", 0, 3),), truncated=True), False),
    ],
)
def test_answers_agree_but_for_a_rounding_of_the_score(other, same):
    assert task_of("joint").agree(ANSWER, other) == same


@pytest.mark.parametrize("name", ["joint", "classify", "tag"])
def test_a_golden_row_comes_back(name):
    names = {"intent": [] if name == "tag" else ["a", "b"], "slots": ["x"]}
    answer = LabelAnswer("a", 0.9, (Span("x", 0, 3),), truncated=True)
    if name == "tag":
        answer = LabelAnswer(spans=(Span("x", 0, 3),))
    task = task_of(name)
    assert task.from_row(task.to_row(answer, names), names) == answer


def test_a_tagger_has_an_accuracy_where_every_word_is_labeled():
    whole = Example("go é!", None, (Span("v", 0, 2), Span("x", 3, 5), Span("p", 5, 6)))
    answer = LabelAnswer(spans=(Span("v", 0, 2), Span("x", 3, 6)))
    tag = task_of("tag")
    assert tag.measure([whole], [answer]) == {"accuracy": 2 / 3, "span_f1": pytest.approx(0.4)}
    partly = Example("go é!", None, (Span("v", 0, 2),))
    assert tag.measure([whole, partly], [answer, answer]).keys() == {"span_f1"}


@pytest.mark.parametrize(
    ("scores", "decided"),
    [
        ((0.9, 0.1), True),
        ((0.319, 0.3185), False),
        ((0.00012, 0.00011), True),  # of ten thousand labels
        ((0.0001, 0.0001), False),
    ],
)
def test_a_tie_is_no_golden_example(scores, decided):
    answer = LabelAnswer("a", scores[0], scores=dict(zip("ab", scores, strict=True)))
    assert task_of("classify").is_decided(answer) is decided
