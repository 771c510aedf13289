"""Labels that are likely wrong."""

import random

import numpy as np
import pytest

from edgetext.data.example import Example
from edgetext.interpretation.label_issues import of_answers, of_vectors
from edgetext.interpretation.vectors import TextVectors
from edgetext.tasks.answers.labels import LabelAnswer
from edgetext.tasks.answers.multi_label import LabelsAnswer

pytest.importorskip("cleanlab", reason="it is of the extra `errors`")
LABELS = ["flight", "hotel", "weather"]


def planted(count=150, share=0.06):
    """Examples about a label each, a point of theirs, and which of the labels are changed."""
    rng, chance = random.Random(1), np.random.default_rng(1)
    truth = [rng.randrange(3) for _ in range(count)]
    wrong = set(rng.sample(range(count), round(share * count)))
    given = [(t + 1) % 3 if n in wrong else t for n, t in enumerate(truth)]
    points = np.eye(3)[truth] + chance.normal(0, 0.15, (count, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    examples = [Example(f"text {n}", LABELS[label]) for n, label in enumerate(given)]
    return examples, points.astype(np.float32), truth, wrong


@pytest.mark.parametrize("kind", ["dense", "sparse"])
def test_other_texts_find_what_was_planted(kind):
    examples, points, truth, wrong = planted()
    values = points
    if kind == "sparse":
        from scipy.sparse import csr_matrix

        values = csr_matrix(points)
    issues = of_vectors(examples, TextVectors(values, "points"))
    listed = {issue.number for issue in issues}
    assert len(listed & wrong) >= 0.8 * len(wrong) and len(listed - wrong) <= 2
    assert all(LABELS[truth[i.number]] == i.likelier for i in issues if i.number in wrong)
    assert [i.confidence for i in issues] == sorted(i.confidence for i in issues)


def test_scores_of_answers_find_what_was_planted():
    examples, points, _, wrong = planted()
    chances = np.exp(6 * points) / np.exp(6 * points).sum(1, keepdims=True)
    answers = [
        LabelAnswer(LABELS[int(row.argmax())], float(row.max()), scores=dict(zip(LABELS, row)))  # noqa: B905
        for row in chances
    ]
    listed = {issue.number for issue in of_answers(examples, answers, LABELS)}
    assert len(listed & wrong) >= 0.8 * len(wrong) and len(listed - wrong) <= 2
    # Labels that the model does not have are not judged.
    other = [Example("a", "train"), *examples[1:]]
    assert 0 not in {issue.number for issue in of_answers(other, answers, LABELS)}


def test_nothing_to_judge():
    assert of_answers([Example("a", "flight")], [LabelAnswer("flight")], LABELS) == []
    alone = TextVectors(np.eye(2, dtype=np.float32), "")
    assert of_vectors([Example("a", "x"), Example("b", "y")], alone) == []


def several(count=200, share=0.05):
    """Examples with any of three labels each, a point of theirs, and which of them have one label
    too many or too few, of (number, label)."""
    rng, chance = random.Random(2), np.random.default_rng(2)
    truth = [{x for x in LABELS if rng.random() < 0.4} for _ in range(count)]
    wrong = {(n, rng.choice(LABELS)) for n in rng.sample(range(count), round(share * count))}
    given = [t ^ {x for m, x in wrong if m == n} for n, t in enumerate(truth)]
    points = np.array([[x in t for x in LABELS] for t in truth]) + chance.normal(0, 0.1, (count, 3))
    examples = [
        Example(f"text {n}", None, intents=tuple(sorted(labels))) for n, labels in enumerate(given)
    ]
    return examples, points.astype(np.float32), wrong


def planted_and_listed(issues, wrong):
    listed = {(issue.number, issue.likelier.removeprefix("not ")) for issue in issues}
    assert all(
        {x.given, x.likelier} == {y := x.likelier.removeprefix("not "), f"not {y}"} for x in issues
    )
    return len(listed & wrong), len(listed - wrong)


@pytest.mark.parametrize("kind", ["dense", "sparse"])
def test_each_of_several_labels_is_judged_by_other_texts(kind):
    examples, points, wrong = several()
    values = points
    if kind == "sparse":
        from scipy.sparse import csr_matrix

        centered = points - 0.4
        values = csr_matrix(centered / np.linalg.norm(centered, axis=1, keepdims=True))
    issues = of_vectors(examples, TextVectors(values, "points"))
    right, more = planted_and_listed(issues, wrong)
    assert right >= 0.8 * len(wrong) and more <= 3
    assert [i.confidence for i in issues] == sorted(i.confidence for i in issues)


def test_each_of_several_labels_is_judged_by_scores():
    examples, points, wrong = several()
    chances = 1 / (1 + np.exp(-8 * (points - 0.5)))
    answers = [LabelsAnswer({}, scores=dict(zip(LABELS, row, strict=True))) for row in chances]
    right, more = planted_and_listed(of_answers(examples, answers, LABELS), wrong)
    assert right >= 0.8 * len(wrong) and more <= 3
    # Without scores, as of a file that says no more than the answer, nothing is judged.
    assert of_answers(examples, [LabelsAnswer({})] * len(examples), LABELS) == []
